//! The error of a command.

use std::{error::Error, io};

use crate::{
    files::{ExportError, ImportError},
    middleware::ForceError,
    stats::NoAnswer,
    store::StoreError,
    text::chain,
    unit::SecretError,
};

use super::exit::Exit;

/// The error of a command: one line for standard error, and the exit code.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) message: String,
    /// Whether the reader of the output stopped early, as `head` does. That is no error.
    pub(super) is_unheard: bool,
}

impl Failure {
    /// Returns a failure with this message.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Failed,
            message: message.into(),
            is_unheard: false,
        }
    }

    /// Returns a failure of invalid arguments, whose exit code is 2.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            ..Self::new(message)
        }
    }

    /// Returns the failure of an action such as `reading keys.txt`.
    pub(super) fn of(tried: impl Into<String>, error: &dyn Error) -> Self {
        Self::new(format!("{}: {}", tried.into(), chain(error)))
    }

    /// Returns the failure of writing the output.
    pub(super) fn of_output(error: &io::Error) -> Self {
        Self {
            is_unheard: error.kind() == io::ErrorKind::BrokenPipe,
            ..Self::of("writing the output", error)
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match &error {
            ExportError::Write(error) => Self::of_output(error),
            error => Self::new(chain(error)),
        }
    }
}

macro_rules! from_error {
    ($($error:ty),*) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::new(chain(&error))
            }
        }
    )*};
}

// `io::Error` is not among them: its message has no path, so it goes through `of`, which names the
// file.
from_error!(
    ForceError,
    StoreError,
    ImportError,
    NoAnswer,
    SecretError,
    serde_json::Error
);
