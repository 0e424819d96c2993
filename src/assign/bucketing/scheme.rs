/// The scheme that assigns a key to a set and a track. Each group has one scheme.
///
/// A scheme never changes: a changed scheme would get another name. So a key has the same track in every
/// version of the crate.
///
/// ```
/// use tower_tracks::{MultiTrackSet, SimpleTrackSet, assign::Bucketing};
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000);
/// let delay = MultiTrackSet::builder().bucketing(Bucketing::V1).add(delay).build()?;
/// assert_eq!(delay.assign("alice", &()).track(), Some("short"));
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Bucketing {
    /// The default: weighted rendezvous hashing over SHA-256.
    ///
    /// `netstring(s)` is the length of `s` in bytes, a colon, `s` and a comma:
    ///
    /// ```text
    /// message  = netstring(salt) ‖ key
    /// d        = SHA-256(message), four big-endian u64: d0 set, d1 share, d2 track, d3 coin
    /// u        = ((d0 >> 12) + 0.5) · 2⁻⁵²
    /// set      = the eligible set of weight > 0 with the largest −weight / ln u
    ///            (ties: the smaller name; ln is libm::log, the same on every machine)
    /// enrolled = d1 < round(share · 2⁶⁴), in 128 bits, for the chosen set alone
    /// track    = ticket ⌊d2 · W / 2⁶⁴⌋ among cumulative weights in declared order,
    ///            control first
    /// coin     = top bit of d3
    /// ```
    ///
    /// Sources: Thaler & Ravishankar 1998 (rendezvous hashing), Schindelhauer & Schomaker
    /// 2005 (weights), Efraimidis & Spirakis 2006 (the score).
    #[default]
    V1,
    /// The scheme of the Python package `tracks` 0.1.1, bit for bit. Use it to migrate without moving keys.
    ///
    /// ```text
    /// set   = MD5(all salts joined by "/" ‖ ":" ‖ key) as a 128-bit number modulo the sum of
    ///         the eligible weights, into the list repeated by weight
    /// track = MD5(salt ‖ ":" ‖ key) modulo the number of tracks; control first, then simple
    ///         tracks by their Python method's name, params in list order
    /// ```
    ///
    /// It does not support `share`, `phase`, weights of tracks or the coin. It is not the default, because an
    /// edit of a group moves most of its keys.
    #[cfg(feature = "python")]
    Python,
}

impl Bucketing {
    /// Returns the name under which the scheme is recorded.
    ///
    /// ```
    /// use tower_tracks::assign::Bucketing;
    ///
    /// assert_eq!(Bucketing::default().as_str(), "v1");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            // Fingerprints are over these names and facts have them, so they never change.
            Self::V1 => "v1",
            #[cfg(feature = "python")]
            Self::Python => "python",
        }
    }
}
