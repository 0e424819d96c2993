use std::{error, fmt};

use super::secret::SHORTEST;

/// Why there is no secret: it is shorter than 16 bytes, or its environment variable is not set.
///
/// The message names the variable and the remedy, never the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretError {
    /// The bytes that there were; `None` where the variable is not set.
    length: Option<usize>,
    /// The environment variable that the secret was read from.
    variable: Option<String>,
}

impl SecretError {
    pub(super) fn short(length: usize) -> Self {
        Self {
            length: Some(length),
            variable: None,
        }
    }

    pub(super) fn missing(variable: &str) -> Self {
        Self {
            length: None,
            variable: Some(variable.to_owned()),
        }
    }

    /// Says which environment variable has the secret.
    pub(super) fn of(self, variable: &str) -> Self {
        Self {
            variable: Some(variable.to_owned()),
            ..self
        }
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.variable, self.length) {
            (Some(variable), None) => write!(f, "{variable} is not set")?,
            (Some(variable), Some(0)) => write!(f, "{variable} is empty")?,
            (Some(variable), Some(length)) => write!(
                f,
                "the secret in {variable} is too short with {length} bytes"
            )?,
            (None, length) => {
                let length = length.unwrap_or_default();
                write!(f, "a secret of {length} bytes is too short")?;
            }
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
