use std::fmt;

/// The unit that a fact is about: sixteen bytes that stand for a kind and a key.
///
/// `Units` (feature `units`) computes it. Units of two kinds are equal only with a probability of one
/// in 2¹²⁸. `Display` writes 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit([u8; 16]);

impl Unit {
    /// Returns the unit with these bytes, as in a store.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns the sixteen bytes.
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
