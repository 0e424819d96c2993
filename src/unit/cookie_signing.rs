use std::fmt;

use super::{
    base64url, purpose::Purpose, secret::Secret, secret_error::SecretError, sub_key::SubKey,
};

/// Separates the visitor's id from its tag.
const SEPARATOR: &str = ".";

/// Signs visitor cookies, so that a client cannot invent visitors.
///
/// The value of a signed cookie is `<id>.<tag>`, 45 characters. The id is the 22 characters of an
/// unsigned cookie, and is the visitor's key: signing changes neither assignments nor units. The tag
/// is the first 16 bytes of an HMAC-SHA-256 of the id, in base64url, with a key that is derived from the
/// secret for this purpose alone.
///
/// A layer signs by default if it knows a secret: see `TracksLayer::sign`.
///
/// ```
/// use tower_tracks::unit::CookieSigning;
///
/// let signing = CookieSigning::new("sixteen random bytes, or more")?;
/// let value = signing.value("AAECAwQFBgcICQoLDA0ODw");
/// assert_eq!(value, "AAECAwQFBgcICQoLDA0ODw.vdwRNMLvw_o_0RBNmBjKWw");
/// # Ok::<(), tower_tracks::unit::SecretError>(())
/// ```
#[derive(Clone)]
pub struct CookieSigning(Option<Keys>);

/// The sub-keys of the secrets: the first signs, and all of them check.
#[derive(Clone)]
struct Keys {
    /// Signs new cookies.
    issuing: SubKey,
    /// Accepted, in the order in which they were given; they sign nothing.
    former: Vec<SubKey>,
}

/// The result of checking the value of a cookie. Each id is 22 characters of base64url.
#[cfg(feature = "tower")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checked<'a> {
    /// The id of a visitor.
    Current(&'a [u8]),
    /// The id of a visitor, signed by a former secret.
    Former(&'a [u8]),
    /// An id without a required tag.
    Unsigned(&'a [u8]),
    /// An id with a tag that no secret signed.
    Forged,
    /// Another value.
    Malformed,
}

impl CookieSigning {
    /// Returns the signing with a secret.
    ///
    /// # Errors
    ///
    /// If the secret is shorter than 16 bytes, or repeats one byte. Use random bytes.
    ///
    /// ```
    /// use tower_tracks::unit::CookieSigning;
    ///
    /// assert!(CookieSigning::new("sixteen random bytes, or more").is_ok());
    /// assert!(CookieSigning::new([0_u8; 32]).is_err(), "a buffer that was never filled");
    /// ```
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, SecretError> {
        Secret::new(secret.as_ref()).map(|secret| Self::by(&secret))
    }

    /// Returns the signing with the secret of an environment variable, such as `TRACKS_SECRET`.
    ///
    /// # Errors
    ///
    /// If the variable is not set, or its secret is refused. The message names the variable.
    ///
    /// ```no_run
    /// use tower_tracks::unit::CookieSigning;
    ///
    /// let signing = CookieSigning::from_env("TRACKS_SECRET")?;
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    pub fn from_env(variable: &str) -> Result<Self, SecretError> {
        Secret::from_env(variable).map(|secret| Self::by(&secret))
    }

    /// Turns signing off: the value of a cookie is the id alone.
    ///
    /// Signed cookies are still accepted, by their id and without a check of the tag. So visitors are kept
    /// when signing is turned off.
    ///
    /// # Warning
    ///
    /// Then a client can invent any number of visitors, each in a track of its choice. A few hundred
    /// hide the results of a test behind a sample ratio mismatch.
    ///
    /// ```
    /// use tower_tracks::unit::CookieSigning;
    ///
    /// let value = CookieSigning::off().value("AAECAwQFBgcICQoLDA0ODw");
    /// assert_eq!(value, "AAECAwQFBgcICQoLDA0ODw");
    /// ```
    pub fn off() -> Self {
        Self(None)
    }

    /// Also accepts cookies that were signed with a former secret. The next response that would issue a
    /// cookie issues them again, signed with the secret of [`new`](Self::new). If signing is
    /// [off](Self::off), it stays off.
    ///
    /// # Errors
    ///
    /// The same as [`new`](Self::new).
    ///
    /// Keep a former secret until its cookies have expired or were issued again.
    ///
    /// ```
    /// use tower_tracks::unit::CookieSigning;
    ///
    /// let signing = CookieSigning::new("the new secret, random as well")?
    ///     .also("sixteen random bytes, or more")?;
    /// assert_eq!(format!("{signing:?}"), "CookieSigning(<2 secrets>)");
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    pub fn also(self, former: impl AsRef<[u8]>) -> Result<Self, SecretError> {
        let former = Secret::new(former.as_ref())?;
        Ok(self.accepting(&former))
    }

    /// Returns the value of the cookie of a visitor, for a test or another program that sends it.
    ///
    /// The id is the visitor's key: sixteen bytes in base64url, 22 characters. A layer accepts no
    /// other id.
    pub fn value(&self, id: impl AsRef<str>) -> String {
        let id = id.as_ref();
        match &self.0 {
            None => id.to_owned(),
            Some(keys) => {
                let tag = base64url::text(keys.issuing.tag([id.as_bytes()]).to_bytes());
                // The text is ASCII, so nothing is lost.
                format!("{id}{SEPARATOR}{}", String::from_utf8_lossy(&tag))
            }
        }
    }

    /// Returns the signing with a secret that was checked before, such as that of units.
    pub(crate) fn by(secret: &Secret) -> Self {
        Self(Some(Keys {
            issuing: secret.derive(Purpose::VISITOR_COOKIE),
            former: Vec::new(),
        }))
    }

    /// See [`also`](Self::also), with a secret that was checked before.
    pub(crate) fn accepting(mut self, former: &Secret) -> Self {
        if let Some(keys) = &mut self.0 {
            keys.former.push(former.derive(Purpose::VISITOR_COOKIE));
        }
        self
    }

    /// Checks the value of a cookie, in constant time for the tag.
    #[cfg(feature = "tower")]
    #[inline]
    pub(crate) fn check<'a>(&self, value: &'a [u8]) -> Checked<'a> {
        let (id, tag) = match value.split_at_checked(base64url::LENGTH) {
            Some((id, rest)) if base64url::is_text(id) => (id, rest),
            _ => return Checked::Malformed,
        };
        // The separator is not of the alphabet of ids and tags.
        let signed = tag.strip_prefix(SEPARATOR.as_bytes());
        match (&self.0, signed.and_then(base64url::bytes)) {
            (Some(keys), Some(tag)) => keys.check(id, &tag),
            // A cookie from before signing was turned off keeps its visitor.
            (None, Some(_)) => Checked::Current(id),
            (None, None) if tag.is_empty() => Checked::Current(id),
            (Some(_), None) if tag.is_empty() => Checked::Unsigned(id),
            _ => Checked::Malformed,
        }
    }
}

#[cfg(feature = "tower")]
impl Keys {
    /// Compares with the current secret first, which has signed most cookies.
    fn check<'a>(&self, id: &'a [u8], tag: &[u8; 16]) -> Checked<'a> {
        let is_of = |key: &SubKey| key.tag([id]).equals(tag);
        if is_of(&self.issuing) {
            Checked::Current(id)
        } else if self.former.iter().any(is_of) {
            Checked::Former(id)
        } else {
            Checked::Forged
        }
    }
}

impl fmt::Debug for CookieSigning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str("CookieSigning(off)"),
            Some(keys) => write!(f, "CookieSigning(<{} secrets>)", 1 + keys.former.len()),
        }
    }
}
