//! The text of a unit: 32 lower-case hexadecimal digits, one text for each unit.

use std::{error::Error, fmt, str::FromStr};

use super::{hex, unit::Unit};

/// The error of a text that is not a unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct UnitError;

/// Reads the 32 digits that `Display` writes.
///
/// ```
/// use tower_tracks::unit::Unit;
///
/// let unit: Unit = "0123456789abcdef0123456789abcdef".parse()?;
/// assert_eq!(unit.to_string(), "0123456789abcdef0123456789abcdef");
/// assert!("0123456789ABCDEF0123456789ABCDEF".parse::<Unit>().is_err());
/// # Ok::<(), tower_tracks::unit::UnitError>(())
/// ```
impl FromStr for Unit {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        hex::read(text).map(Self::from_bytes).ok_or(UnitError)
    }
}

/// Writes the 32 digits.
#[cfg(feature = "serde")]
impl serde::Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a unit is 32 lower-case hexadecimal digits")
    }
}

debug_as_message!(UnitError);

impl Error for UnitError {}
