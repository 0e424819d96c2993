use std::{error, fmt};

use super::secret::SHORTEST;

/// The error of a secret that is shorter than 16 bytes, repeats one byte, or whose environment
/// variable is not set.
///
/// The message names the variable and the remedy, never the secret.
///
/// ```
/// use tower_tracks::Units;
///
/// let error = Units::pseudonym("too short").unwrap_err();
/// assert!(error.to_string().starts_with("a secret of 9 bytes is too short; use at least 16 random"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SecretError {
    fault: Fault,
    /// The environment variable that the secret was read from.
    variable: Option<String>,
}

/// What is wrong. It has no byte of the secret, so that an error can be logged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The environment variable is not set.
    Missing,
    /// The number of bytes.
    Short(usize),
    /// All bytes are equal, as in a buffer that was never filled.
    Repeated,
}

impl SecretError {
    /// The error of a secret of so many bytes.
    pub(crate) fn short(length: usize) -> Self {
        Self {
            fault: Fault::Short(length),
            variable: None,
        }
    }

    pub(crate) fn repeated() -> Self {
        Self {
            fault: Fault::Repeated,
            variable: None,
        }
    }

    /// The error of an environment variable that is not set.
    pub(crate) fn missing(variable: &str) -> Self {
        Self {
            fault: Fault::Missing,
            variable: Some(variable.to_owned()),
        }
    }

    /// Adds the name of the environment variable that has the secret.
    pub(crate) fn of(self, variable: &str) -> Self {
        Self {
            variable: Some(variable.to_owned()),
            ..self
        }
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let it = match &self.variable {
            Some(variable) => format!("the secret in {variable}"),
            None => "a secret".to_owned(),
        };
        let variable = self.variable.as_deref().unwrap_or_default();
        match (self.fault, &self.variable) {
            (Fault::Missing, _) => write!(f, "{variable} is not set")?,
            (Fault::Short(0), Some(_)) => write!(f, "{variable} is empty")?,
            (Fault::Short(length), Some(_)) => {
                write!(f, "{it} is too short with {length} bytes")?;
            }
            (Fault::Short(length), None) => write!(f, "{it} of {length} bytes is too short")?,
            (Fault::Repeated, _) => write!(f, "{it} is one byte repeated, which can be guessed")?,
        }
        let it = if self.variable.is_some() {
            "set it to"
        } else {
            "use"
        };
        write!(
            f,
            "; {it} at least {SHORTEST} random bytes, such as those of `openssl rand -hex 32`"
        )
    }
}

debug_as_message!(SecretError);

impl error::Error for SecretError {}
