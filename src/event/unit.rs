use std::fmt;

/// Whom a fact is about: a kind and a key, as sixteen bytes.
///
/// `Units`, behind the feature `units`, makes it of them. Units of two kinds are never equal, but by a
/// chance of one in 2¹²⁸. The text is 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit([u8; 16]);

impl Unit {
    /// Returns the unit that these bytes are, as a store keeps them.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns the unit of this text; `None` when it is not 32 lower-case hexadecimal digits.
    #[cfg(any(feature = "decode", feature = "record"))]
    pub fn from_text(text: &str) -> Option<Self> {
        super::hex::read(text).map(Self)
    }

    /// Returns the sixteen bytes.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

/// 32 lower-case hexadecimal digits.
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
