use std::{error::Error, fmt, str::FromStr};

use super::hex::{self, Hex};

/// The unit that a fact is about: sixteen bytes that stand for a kind and a key.
///
/// `Units` (feature `units`) computes it. Units of two kinds are equal only with a probability of one
/// in 2¹²⁸. `Display` writes 32 lower-case hexadecimal digits.
///
/// ```
/// use tower_tracks::{Key, Units};
///
/// let unit = Units::raw().unit("visitor", &Key::from("alice"));
/// assert_eq!(unit.to_string(), "0533e943646856e71827afc7415731e6");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit([u8; 16]);

/// The error of a text that is not a unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct UnitError;

impl Unit {
    /// Returns the unit with these bytes, as in a store.
    ///
    /// Any sixteen bytes are a unit; they are not checked.
    ///
    /// ```
    /// use tower_tracks::unit::Unit;
    ///
    /// let unit = Unit::from_bytes([0xab; 16]);
    /// assert_eq!(unit.to_string(), "ab".repeat(16));
    /// ```
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns the sixteen bytes.
    ///
    /// A store keeps them, since they are half as long as the text.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

/// Writes 32 lower-case hexadecimal digits.
impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(self.0).fmt(f)
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unit({self})")
    }
}

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
        hex::read(text).map(Self).ok_or(UnitError)
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
