use std::{error::Error, io};

use crate::{
    event::SecretError,
    middleware::ForceError,
    record::{ExportError, ImportError, StoreError, chain},
    stats::NoAnswer,
};

use super::exit::Exit;

/// Why a command could not be done, in one line.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) message: String,
    /// Whoever read the output went away, as `head` does.
    pub(super) is_unheard: bool,
}

impl Failure {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Failed,
            message: message.into(),
            is_unheard: false,
        }
    }

    /// Returns that of arguments that make no sense together.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            ..Self::new(message)
        }
    }

    /// Returns that of something that was tried, such as `reading keys.txt`.
    pub(super) fn of(tried: impl Into<String>, error: &dyn Error) -> Self {
        Self::new(format!("{}: {}", tried.into(), chain(error)))
    }

    /// Returns that of writing to whoever reads the output.
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

from_error!(
    ForceError,
    StoreError,
    ImportError,
    NoAnswer,
    SecretError,
    serde_json::Error
);
