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
    pub(super) fault: Fault,
    /// The environment variable that the secret was read from.
    variable: Option<String>,
}

/// What is wrong. It has no byte of the secret, so that an error can be logged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The environment variable is not set.
    Missing,
    /// The number of bytes.
    Short(usize),
    /// All bytes are equal, as in a buffer that was never filled.
    Repeated,
}

impl Fault {
    /// Returns the error of a secret, which was read from this environment variable.
    pub(super) fn of(self, variable: Option<&str>) -> SecretError {
        SecretError {
            fault: self,
            variable: variable.map(ToOwned::to_owned),
        }
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variable = self.variable.as_deref().unwrap_or_default();
        match self.fault {
            Fault::Missing => write!(f, "{variable} is not set"),
            Fault::Short(length) if variable.is_empty() => {
                write!(f, "a secret of {length} bytes is too short")
            }
            Fault::Short(0) => write!(f, "{variable} is empty"),
            Fault::Short(length) => {
                write!(
                    f,
                    "the secret in {variable} is too short with {length} bytes"
                )
            }
            Fault::Repeated if variable.is_empty() => {
                f.write_str("a secret is one byte repeated, which can be guessed")
            }
            Fault::Repeated => write!(
                f,
                "the secret in {variable} is one byte repeated, which can be guessed"
            ),
        }?;
        let remedy = if variable.is_empty() {
            "use"
        } else {
            "set it to"
        };
        write!(
            f,
            "; {remedy} at least {SHORTEST} random bytes, such as those of `openssl rand -hex 32`"
        )
    }
}

debug_as_message!(SecretError);

impl error::Error for SecretError {}
