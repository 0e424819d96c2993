use std::fmt;

/// The id of one run of a set: a random UUID (version 4), as in the Python package.
///
/// It connects a log line, a header and a row, and reveals nothing about the key. The caller passes the
/// random bytes, because assignment uses no randomness.
///
/// ```
/// use tower_tracks::assign::RunId;
///
/// let run_id = RunId::from_random([0x11; 16]);
/// assert_eq!(run_id.to_string(), "11111111-1111-4111-9111-111111111111");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId([u8; 16]);

impl RunId {
    /// Returns the run with these random bytes, of which 122 bits are kept (RFC 9562, section 5.4).
    ///
    /// The bytes must come from a good source of randomness, so that no two runs are equal. The
    /// other six bits are the version and the variant of the UUID.
    ///
    /// ```
    /// use tower_tracks::assign::RunId;
    ///
    /// let zeros = RunId::from_random([0; 16]);
    /// assert_eq!(zeros.to_string(), "00000000-0000-4000-8000-000000000000");
    /// ```
    pub fn from_random(bytes: [u8; 16]) -> Self {
        let random = u128::from_be_bytes(bytes);
        let version = 0x4000 << 64;
        let variant = 0x8 << 60;
        let id = random & !(0xf000 << 64) & !(0xc << 60) | version | variant;
        Self(id.to_be_bytes())
    }

    /// Returns the sixteen bytes of the UUID.
    ///
    /// ```
    /// use tower_tracks::assign::RunId;
    ///
    /// let run_id = RunId::from_random([0x11; 16]);
    /// assert_eq!(RunId::from_random(run_id.to_bytes()), run_id);
    /// ```
    pub fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u128::from_be_bytes(self.0);
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            id >> 96,
            (id >> 80) as u16,
            (id >> 64) as u16,
            (id >> 48) as u16,
            id & ((1 << 48) - 1),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::RunId;

    #[test]
    fn version_and_variant_are_set_whatever_the_bytes() {
        let zeros = RunId::from_random([0; 16]).to_string();
        assert_eq!(zeros, "00000000-0000-4000-8000-000000000000");
        let ones = RunId::from_random([0xff; 16]).to_string();
        assert_eq!(ones, "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
