use sha2::{Digest, Sha256};

use crate::assign::{Key, is_set_name};

#[cfg(any(feature = "record", feature = "tower"))]
use super::cookie_signing::CookieSigning;
#[cfg(any(feature = "ofrep", feature = "record"))]
use super::{purpose::Purpose, sub_key::SubKey};
use super::{
    secret::{Secret, half},
    secret_error::SecretError,
    unit::Unit,
};

/// Computes [`Unit`]s from kinds and keys, for records and logs.
///
/// Without the secret, pseudonyms reveal no key, and guessed keys cannot be checked. If you change the
/// secret, every visitor becomes a new unit. So keep the secret as long as the facts.
///
/// ```
/// use tower_tracks::{Key, Units};
///
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let alice = units.unit("visitor", &Key::from("alice"));
/// assert_eq!(alice.to_string(), "eb663c7832d3a67138ebe4e1429c492a");
/// assert_ne!(alice, units.unit("user", &Key::from("alice")));
/// # Ok::<(), tower_tracks::unit::SecretError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Units(Kind);

#[derive(Debug, Clone)]
enum Kind {
    /// HMAC-SHA-256 with the secret.
    Pseudonym(Secret),
    /// SHA-256 without a secret.
    Raw,
}

impl Units {
    /// Returns pseudonyms: the first 16 bytes of HMAC-SHA-256, keyed with the secret, over the kind, a
    /// zero byte and the key.
    ///
    /// # Errors
    ///
    /// If the secret is shorter than 16 bytes, or repeats one byte. Use random bytes.
    ///
    /// ```
    /// use tower_tracks::Units;
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// assert!(!units.is_raw());
    /// assert!(Units::pseudonym("too short").is_err());
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    pub fn pseudonym(secret: impl AsRef<[u8]>) -> Result<Self, SecretError> {
        Secret::new(secret.as_ref()).map(|secret| Self(Kind::Pseudonym(secret)))
    }

    /// Returns [pseudonyms](Self::pseudonym) with the secret of an environment variable, such as
    /// `TRACKS_SECRET`, which the command line reads as well.
    ///
    /// # Errors
    ///
    /// If the variable is not set, or [`pseudonym`](Self::pseudonym) refuses the secret. The message
    /// names the variable.
    ///
    /// The bytes of the variable are the secret as they are: hexadecimal digits are not decoded.
    ///
    /// ```no_run
    /// use tower_tracks::Units;
    ///
    /// // TRACKS_SECRET is the output of `openssl rand -hex 32`.
    /// let units = Units::from_env("TRACKS_SECRET")?;
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    pub fn from_env(variable: &str) -> Result<Self, SecretError> {
        Secret::from_env(variable).map(|secret| Self(Kind::Pseudonym(secret)))
    }

    /// Returns units without a secret: the first 16 bytes of SHA-256 over the kind, a zero byte and the
    /// key.
    ///
    /// # Warning
    ///
    /// Raw units hide nothing: anybody who can guess a key, such as the number of a user, can compute
    /// its unit. Use them if you store the keys beside the units anyway, or if keys identify no person.
    ///
    /// ```
    /// use tower_tracks::{Key, Units};
    ///
    /// let article = Units::raw().unit("article", &Key::parts(["HU", "42"]));
    /// assert_eq!(article, Units::raw().unit("article", &Key::from("2:HU,2:42,")));
    /// ```
    pub fn raw() -> Self {
        Self(Kind::Raw)
    }

    /// Returns whether the units are raw, so that a store keeps the keys as well.
    ///
    /// ```
    /// use tower_tracks::Units;
    ///
    /// assert!(Units::raw().is_raw());
    /// ```
    pub fn is_raw(&self) -> bool {
        matches!(self.0, Kind::Raw)
    }

    /// Returns a text that identifies the scheme and the secret, without revealing the secret.
    #[cfg(any(feature = "files", feature = "record"))]
    pub(crate) fn claim(&self) -> String {
        match &self.0 {
            Kind::Pseudonym(secret) => format!("pseudonym {}", secret.claim()),
            Kind::Raw => "raw".to_owned(),
        }
    }

    /// Returns whether some units have this [`claim`](Self::claim).
    #[cfg(feature = "files")]
    pub(crate) fn is_claim(text: &str) -> bool {
        // Only the form: the store compares it with its own claim.
        let tag = text.strip_prefix("pseudonym ");
        text == "raw" || tag.is_some_and(|tag| tag.parse::<Unit>().is_ok())
    }

    /// Returns the key of a purpose; `None` for raw units, which have no secret.
    #[cfg(any(feature = "ofrep", feature = "record"))]
    pub(crate) fn derive(&self, purpose: Purpose) -> Option<SubKey> {
        self.secret().map(|secret| secret.derive(purpose))
    }

    /// Returns the signing of visitor cookies with the same secret; `None` for raw units.
    #[cfg(any(feature = "record", feature = "tower"))]
    pub(crate) fn cookie_signing(&self) -> Option<CookieSigning> {
        self.secret().map(CookieSigning::by)
    }

    #[cfg(any(feature = "record", feature = "tower"))]
    fn secret(&self) -> Option<&Secret> {
        match &self.0 {
            Kind::Pseudonym(secret) => Some(secret),
            Kind::Raw => None,
        }
    }

    /// Returns the unit of a key of this kind. It is the same on every machine.
    ///
    /// The kind is the unit of a set, such as `visitor`: 1 to 64 of `a-z`, `0-9`, `_`, `-`, `.`
    /// and `*`, the first of them a letter or `*`. So it has no zero byte, and no two kinds share
    /// a unit.
    ///
    /// Facts with another kind, or with a key that is not [valid](Key::is_valid), are never recorded.
    /// For an invalid kind, the unit is the hash of a zero byte and both as netstrings, which differs
    /// from every unit of a valid kind.
    ///
    /// ```
    /// use tower_tracks::{Key, Units};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let [visitor, user] = ["visitor", "user"].map(|kind| units.unit(kind, &Key::from(42)));
    /// assert_ne!(visitor, user, "one key of two kinds is two units");
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    pub fn unit(&self, kind: &str, key: &Key<'_>) -> Unit {
        match is_set_name(kind) {
            // A valid kind has no zero byte, so that no two pairs of kind and key have one message.
            true => self.hash(&[kind.as_bytes(), &[0], key.as_bytes()]),
            false => self.nobody(kind.as_bytes(), key.as_bytes()),
        }
    }

    /// The unit of an invalid kind. The message begins with a zero byte, with which no valid kind
    /// begins. The lengths keep two pairs of kind and key apart, since an invalid kind may contain
    /// a zero byte.
    #[cold]
    fn nobody(&self, kind: &[u8], key: &[u8]) -> Unit {
        let lengths = [kind.len(), key.len()].map(|len| format!("{len}:"));
        let [kind_length, key_length] = lengths.each_ref().map(String::as_bytes);
        self.hash(&[&[0], kind_length, kind, b",", key_length, key, b","])
    }

    /// Returns the unit of a message. The message has a zero byte.
    #[inline]
    fn hash(&self, message: &[&[u8]]) -> Unit {
        Unit::from_bytes(match &self.0 {
            Kind::Pseudonym(secret) => secret.unit(message),
            Kind::Raw => half(Sha256::digest(message.concat()).into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts are of Python's `hmac` and `hashlib`.
    #[track_caller]
    fn check(units: &Units, kind: &str, key: &str, expected: &str) {
        let unit = units.unit(kind, &Key::from(key));
        assert_eq!(unit.to_string(), expected);
        assert_eq!(Unit::from_bytes(unit.to_bytes()), unit);
    }

    #[test]
    fn pseudonyms_are_those_of_python() {
        let units = Units::pseudonym(b"0123456789abcdef").unwrap();
        check(
            &units,
            "visitor",
            "alice",
            "d0e377de111cb911866516568a6f5f77",
        );
        check(&units, "user", "42", "1fd4a286fea07a8d4372ab19f2e2c266");
        let units = Units::pseudonym("secret".repeat(20)).unwrap();
        let expected = "02b0c190826edf8390b363138ea17e2a";
        check(&units, "visitor", &"x".repeat(1000), expected);
    }

    /// The tag is of Python's `hmac`. Stores keep it.
    #[test]
    #[cfg(any(feature = "files", feature = "record"))]
    fn claims_are_those_of_python() {
        let units = Units::pseudonym(b"0123456789abcdef").unwrap();
        assert_eq!(units.claim(), "pseudonym e383f974ab29b2e73f6ae2f0a8421315");
        assert_eq!(Units::raw().claim(), "raw");
    }

    #[test]
    fn raw_units_are_those_of_python() {
        let expected = "0533e943646856e71827afc7415731e6";
        check(&Units::raw(), "visitor", "alice", expected);
    }

    /// The texts are of Python's `hmac` and `hashlib`.
    #[test]
    fn invalid_kinds_have_units_that_no_valid_kind_has() {
        let units = Units::pseudonym(b"0123456789abcdef").unwrap();
        check(&units, "User", "42", "a6cdb11c1bdde9fbb91d69f7b82c25d6");
        check(&units, "", "", "250a6f5194f0b667daa70782c3eca4e6");
        check(
            &Units::raw(),
            "a\0b",
            "c",
            "411653da1317934dc272753580c41ca2",
        );
        for units in [units, Units::raw()] {
            let split = units.unit("a\0b", &Key::from("c"));
            assert_ne!(split, units.unit("a", &Key::from("b\0c")));
        }
    }

    #[test]
    fn neither_secret_nor_key_is_shown() {
        let units = Units::pseudonym("correct horse battery staple").unwrap();
        assert_eq!(format!("{units:?}"), "Units(Pseudonym(<secret>))");
        let unit = units.unit("visitor", &Key::from("alice"));
        assert_eq!(format!("{unit:?}"), format!("Unit({unit})"));
    }
}
