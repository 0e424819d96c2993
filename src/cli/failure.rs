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

/// The error of a command, in one line.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) message: String,
    /// The reader of the output stopped early, as `head` does.
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

    /// Returns the failure of arguments that contradict each other.
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

from_error!(
    ForceError,
    StoreError,
    ImportError,
    NoAnswer,
    SecretError,
    serde_json::Error
);
