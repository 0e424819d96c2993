//! Masked names in the exposure header.

use std::fmt;

use crate::unit::{CookieSigning, Purpose, Secret, SecretError, SubKey};

/// The digits of a mask: 28 bits.
///
/// With 1,000 tracks, the probability that any two share a mask is about 0.2%.
const DIGITS: usize = 7;

/// Hides the names of sets and tracks with a secret, so that the header does not reveal to outsiders what is
/// tested.
///
/// A mask is `*` and seven hexadecimal digits of an HMAC-SHA-256. Without the secret, it is impossible to check a
/// guessed name. Equal names have equal masks; the same track in another set has another mask.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, middleware::Mask};
///
/// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
/// let mask = Mask::new("sixteen random bytes, or more")?;
/// let (set, track) = (mask.set("pricing"), mask.track("pricing", "cheap"));
/// assert_eq!(format!("{set}={track}"), "*1a01044=*548849a");
///
/// let names = mask.table(pricing.sets());
/// assert_eq!(names.names(&set, &track), Some(("pricing", "cheap")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Set it with [`TracksLayer::mask`](crate::TracksLayer::mask). If the secret changes, so do all masks:
/// keep the former secret to read old logs.
#[derive(Clone)]
pub struct Mask {
    names: SubKey,
    /// The signing of visitor cookies with the same secret, for a layer that has no other secret.
    cookies: CookieSigning,
}

impl Mask {
    /// Returns a mask that uses a secret.
    ///
    /// ```
    /// use tower_tracks::middleware::Mask;
    ///
    /// let mask = Mask::new("sixteen random bytes, or more")?;
    /// assert!(Mask::new("short").is_err());
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the secret is shorter than 16 bytes, or repeats one byte. Use random bytes.
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, SecretError> {
        Secret::new(secret.as_ref()).map(|secret| Self::by(&secret))
    }

    /// Returns a mask that uses the secret in an environment variable.
    ///
    /// ```no_run
    /// use tower_tracks::middleware::Mask;
    ///
    /// let mask = Mask::from_env("TRACKS_SECRET")?;
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the variable is not set, or its secret is refused. The message names the variable.
    pub fn from_env(variable: &str) -> Result<Self, SecretError> {
        Secret::from_env(variable).map(|secret| Self::by(&secret))
    }

    /// Returns the mask of a set's name.
    ///
    /// ```
    /// use tower_tracks::middleware::Mask;
    ///
    /// let mask = Mask::new("0123456789abcdef")?;
    /// assert_eq!(mask.set("pricing"), "*160589b");
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    pub fn set(&self, set: &str) -> String {
        self.mask(&[set])
    }

    /// Returns the mask of the name of a set's track.
    ///
    /// ```
    /// use tower_tracks::middleware::Mask;
    ///
    /// let mask = Mask::new("0123456789abcdef")?;
    /// assert_eq!(mask.track("pricing", "cheap"), "*4c34c45");
    /// assert_ne!(mask.track("banner", "cheap"), "*4c34c45");
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    pub fn track(&self, set: &str, track: &str) -> String {
        // With the set's name: otherwise `control` would have the same mask in all sets, and so give
        // itself away.
        self.mask(&[set, track])
    }

    /// Returns the signing of visitors' cookies by the same secret.
    pub(crate) fn cookie_signing(&self) -> CookieSigning {
        self.cookies.clone()
    }

    fn by(secret: &Secret) -> Self {
        Self {
            names: secret.derive(Purpose::MASK),
            cookies: CookieSigning::by(secret),
        }
    }

    /// Returns the mask of a set (one name) or of a track (two names).
    fn mask(&self, names: &[&str]) -> String {
        let names = names.iter().map(|name| name.as_bytes());
        let tag = self.names.tag(names);
        let digits: String = tag.to_hex().chars().take(DIGITS).collect();
        format!("*{digits}")
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mask(<secret>)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The masks are of Python's `hmac`.
    #[test]
    fn masks_are_those_of_python() {
        let mask = Mask::new("0123456789abcdef").unwrap();
        assert_eq!(mask.set("pricing"), "*160589b");
        assert_eq!(mask.track("pricing", "cheap"), "*4c34c45");
        assert_eq!(mask.set("delay"), "*b50618d");
        assert_eq!(mask.track("delay", "10-off"), "*f914709");
    }

    #[test]
    fn a_track_has_another_mask_in_another_set() {
        let mask = Mask::new("0123456789abcdef").unwrap();
        assert_ne!(mask.track("a", "on"), mask.track("b", "on"));
        assert_ne!(mask.track("ab", "c"), mask.track("a", "bc"));
        let other = Mask::new("0123456789abcdeg").unwrap();
        assert_ne!(mask.set("a"), other.set("a"));
    }

    #[test]
    fn the_secret_is_not_shown() {
        let mask = Mask::new("correct horse battery staple").unwrap();
        assert_eq!(format!("{mask:?}"), "Mask(<secret>)");
    }
}
