//! `Debug` of the crate's errors: their message and its causes.
//!
//! A `main` that returns `Result<(), Box<dyn Error>>` prints the `Debug` of the error, and a reader
//! of a terminal wants the sentence, not the fields.

use std::{error::Error, fmt};

/// Implements `Debug` for error types as [`write`] writes them.
macro_rules! debug_as_message {
    ($($error:ty),* $(,)?) => {$(
        impl ::std::fmt::Debug for $error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::debug_as_message::write(self, f)
            }
        }
    )*};
}

/// Writes the message of an error, and after a colon that of each cause.
pub(crate) fn write(error: &dyn Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{error}")?;
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(f, ": {error}")?;
        cause = error.source();
    }
    Ok(())
}
