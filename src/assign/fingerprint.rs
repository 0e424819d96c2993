use std::fmt;

use sha2::{Digest, Sha256};

use super::set::Set;

/// A SHA-256 of the part of a definition that must not change within a phase.
///
/// It covers everything that decides the track of a key: the bucketing, the salt with its phase, and the
/// names and weights of the tracks in their order. It does not cover the name of the set, its weight, its
/// share or its eligibility, which decide who takes part. It is the hash of joined netstrings (see
/// [`Key::parts`](crate::Key::parts)): the name of the bucketing, the effective salt, and for each track its
/// name and its weight in decimal.
///
/// ```
/// use tower_tracks::SimpleTrackSet;
///
/// let delay = |share| SimpleTrackSet::new("delay").track("short", 500).share(share).build();
/// let (small, large) = (delay(0.1)?, delay(1.0)?);
/// assert_eq!(small.sets().next().unwrap().fingerprint(), large.sets().next().unwrap().fingerprint());
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 32]);

impl Set {
    /// Returns the fingerprint: a hash of what decides the track of a key.
    ///
    /// Recorded facts have it, so that a report notices if tracks changed within a phase.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = |phase| {
    ///     let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000);
    ///     delay.phase(phase).build()
    /// };
    /// let of = |phase| delay(phase).map(|group| group.sets().next().map(|set| set.fingerprint()));
    /// assert_ne!(of(1)?, of(2)?);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hasher = Sha256::new();
        // Netstrings: without the lengths, `a` and `bc` would be the same bytes as `ab` and `c`.
        let mut netstring = |text: &str| {
            hasher.update(format!("{}:{text},", text.len()));
        };
        netstring(self.bucketing.as_str());
        netstring(&self.effective_salt());
        for track in &self.tracks {
            netstring(&track.name);
            netstring(&track.weight.to_string());
        }
        Fingerprint(hasher.finalize().into())
    }
}

impl Fingerprint {
    /// Returns the 32 bytes.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// for set in delay.sets() {
    ///     assert_eq!(set.fingerprint().as_bytes()[..4], [0x4e, 0x10, 0x50, 0x43]);
    ///     assert!(set.fingerprint().to_string().starts_with("4e105043"));
    /// }
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}
