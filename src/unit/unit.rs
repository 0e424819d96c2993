use std::fmt;

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
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
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
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unit({self})")
    }
}
