//! The secret that two services share, and what it seals.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use http::HeaderMap;

use crate::{
    assign::Key,
    unit::{Purpose, Secret, SecretError},
};

use super::{
    carried::{Carried, LONGEST},
    content::Content,
};

/// The version of the format, before the sealed content.
const VERSION: &str = "v1.";

/// The length of a nonce in bytes.
const NONCE: usize = 24;

/// How much earlier than that of the service before a clock may be, in seconds.
const SKEW: u64 = 5;

/// Seals and opens the header with which one service passes keys and choices to the next.
///
/// Both services need the same secret. The content is encrypted and authenticated with XChaCha20-Poly1305, so
/// nobody without the secret can read, change or make a header. The key of the cipher is derived from the
/// secret for this purpose alone: one secret can also sign cookies, mask names and make units.
///
/// The first service has [`TracksLayer::propagate`](crate::TracksLayer::propagate), the next
/// [`TracksLayer::accept_propagated`](crate::TracksLayer::accept_propagated). A service in between has both.
///
/// ```
/// use std::time::Duration;
/// use tower_tracks::{SimpleTrackSet, TracksLayer, middleware::Propagation};
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
/// let propagation = Propagation::new("sixteen random bytes, or more")?
///     .lasting(Duration::from_secs(10));
/// let layer = TracksLayer::new(delay).propagate(propagation);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "it does nothing until a layer has it"]
pub struct Propagation {
    cipher: Arc<XChaCha20Poly1305>,
    /// Those of other secrets, which only open.
    others: Vec<Arc<XChaCha20Poly1305>>,
    lasting: Duration,
}

impl Propagation {
    /// Returns a propagation with this secret, as from `openssl rand -hex 32`.
    ///
    /// ```
    /// use tower_tracks::middleware::Propagation;
    ///
    /// let propagation = Propagation::new("sixteen random bytes, or more")?;
    /// assert!(Propagation::new("short").is_err());
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the secret is shorter than 16 bytes, or repeats one byte. Use random bytes.
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, SecretError> {
        Secret::new(secret.as_ref()).map(|secret| Self::by(&secret))
    }

    /// Returns a propagation with the secret in an environment variable.
    ///
    /// ```no_run
    /// use tower_tracks::middleware::Propagation;
    ///
    /// let propagation = Propagation::from_env("TRACKS_PROPAGATION_SECRET")?;
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the variable is not set, or its secret is refused. The message names the variable.
    pub fn from_env(variable: &str) -> Result<Self, SecretError> {
        Secret::from_env(variable).map(|secret| Self::by(&secret))
    }

    /// Also accepts headers of another secret.
    ///
    /// New headers are made with the secret of [`new`](Self::new). To change the secret of running services, first
    /// let all of them also accept the new one, then make the new one the first and also accept the old one, and then
    /// remove the old one.
    ///
    /// ```
    /// use tower_tracks::middleware::Propagation;
    ///
    /// let propagation = Propagation::new("sixteen random bytes, or more")?
    ///     .also("sixteen new random bytes")?;
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as [`new`](Self::new).
    pub fn also(mut self, secret: impl AsRef<[u8]>) -> Result<Self, SecretError> {
        let other = Secret::new(secret.as_ref())?;
        self.others.push(cipher(&other));
        Ok(self)
    }

    /// Sets how long a header is accepted after it was made, rounded up to whole seconds.
    ///
    /// It must be at least the longest time between the making of a header and the arrival of its request. The next
    /// service refuses a header that lasts longer than its own setting, so set the same in both. A difference of
    /// their clocks of up to 5 seconds is tolerated.
    ///
    /// Defaults to 60 seconds.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_tracks::middleware::Propagation;
    ///
    /// let propagation = Propagation::new("sixteen random bytes, or more")?
    ///     .lasting(Duration::from_secs(10));
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    pub fn lasting(mut self, lasting: Duration) -> Self {
        self.lasting = lasting;
        self
    }

    /// Returns the second since 1970 at which a header expires that is made now.
    pub(super) fn expiry(&self, now: SystemTime) -> u64 {
        seconds(now).saturating_add(self.lasting_seconds())
    }

    /// Returns the header's value; `None` if the operating system has no random bytes.
    pub(super) fn seal(&self, content: &Content) -> Option<String> {
        let json = serde_json::to_vec(content).ok()?;
        // Not from the layer's source, which repeats itself in tests: a nonce must not come twice.
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).ok()?;
        let payload = Payload {
            msg: &json,
            aad: VERSION.as_bytes(),
        };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).ok()?;
        let bytes = [&nonce[..], &sealed].concat();
        let mut value = VERSION.to_owned();
        URL_SAFE_NO_PAD.encode_string(bytes, &mut value);
        Some(value)
    }

    /// Returns the content of a header's value; `None` if it is too long, malformed, forged or expired.
    pub(super) fn open(&self, value: &[u8], now: SystemTime) -> Option<Content> {
        let bounded = Some(value).filter(|value| value.len() <= LONGEST)?;
        let text = bounded.strip_prefix(VERSION.as_bytes())?;
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let nonce = XNonce::from(*nonce);
        let mut ciphers = std::iter::once(&self.cipher).chain(&self.others);
        let json = ciphers.find_map(|cipher| {
            let payload = Payload {
                msg: sealed,
                aad: VERSION.as_bytes(),
            };
            cipher.decrypt(&nonce, payload).ok()
        })?;
        // Only now: nothing is parsed that another program made.
        let content: Content = serde_json::from_slice(&json).ok()?;
        let is_accepted = self.is_in_time(content.expires, now) && content.is_valid();
        is_accepted.then_some(content)
    }

    /// Returns the key of a kind that a request carries.
    pub(in crate::middleware) fn key(
        &self,
        headers: &HeaderMap,
        kind: &str,
    ) -> Option<Key<'static>> {
        let Carried::One(value) = Carried::by(headers) else {
            return None;
        };
        let mut content = self.open(value, SystemTime::now())?;
        content.keys.remove(kind).map(Key::from)
    }

    /// Returns whether a header with this expiry is accepted now.
    fn is_in_time(&self, expires: u64, now: SystemTime) -> bool {
        let now = seconds(now);
        let latest = now.saturating_add(self.lasting_seconds());
        now < expires && expires <= latest.saturating_add(SKEW)
    }

    fn lasting_seconds(&self) -> u64 {
        let begun = u64::from(self.lasting.subsec_nanos() > 0);
        self.lasting.as_secs().saturating_add(begun)
    }

    fn by(secret: &Secret) -> Self {
        Self {
            cipher: cipher(secret),
            others: Vec::new(),
            lasting: Duration::from_secs(60),
        }
    }
}

/// Returns the cipher whose key is derived from a secret.
fn cipher(secret: &Secret) -> Arc<XChaCha20Poly1305> {
    let key = secret.derive_bytes(Purpose::PROPAGATION);
    Arc::new(XChaCha20Poly1305::new(&key.into()))
}

/// Returns the whole seconds since 1970; 0 for a time before.
fn seconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

impl fmt::Debug for Propagation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Propagation")
            .field("lasting", &self.lasting)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::middleware::screening::Treatment;

    use super::*;

    fn propagation() -> Propagation {
        Propagation::new("0123456789abcdef").unwrap()
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    /// Returns a header that was made at this second.
    fn made(propagation: &Propagation, now: u64) -> String {
        let content = Content {
            expires: propagation.expiry(at(now)),
            treatment: Treatment::Counted,
            keys: [("user".to_owned(), "alice".to_owned())].into(),
            sets: Vec::new(),
        };
        propagation.seal(&content).unwrap()
    }

    #[track_caller]
    fn check(value: &str, now: u64, is_accepted: bool) {
        let opened = propagation().open(value.as_bytes(), at(now));
        assert_eq!(opened.is_some(), is_accepted, "{value} at {now}");
    }

    #[test]
    fn a_header_is_accepted_for_a_minute() {
        let value = made(&propagation(), 1000);
        for (now, is_accepted) in [
            (994, false),
            (995, true),
            (1000, true),
            (1059, true),
            (1060, false),
        ] {
            check(&value, now, is_accepted);
        }
    }

    #[test]
    fn a_header_that_lasts_longer_is_refused() {
        for (lasting, is_accepted) in [
            (Duration::from_nanos(1), true),
            (Duration::from_secs(65), true),
            (Duration::from_secs(66), false),
            (Duration::MAX, false),
            (Duration::ZERO, false),
        ] {
            let value = made(&propagation().lasting(lasting), 1000);
            check(&value, 1000, is_accepted);
        }
    }

    #[test]
    fn no_changed_value_is_opened() {
        let value = made(&propagation(), 1000);
        check(&value, 1000, true);
        for end in 0..value.len() {
            check(&value[..end], 1000, false);
        }
        for index in 0..value.len() {
            let other = if value.as_bytes()[index] == b'A' {
                "B"
            } else {
                "A"
            };
            let changed = format!("{}{other}{}", &value[..index], &value[index + 1..]);
            check(&changed, 1000, false);
        }
        check(&(value.clone() + "A"), 1000, false);
        check(&(value + &"A".repeat(LONGEST)), 1000, false);
    }

    #[test]
    fn a_secret_can_be_changed_in_running_services() {
        let (old, new) = ("0123456789abcdef", "fedcba9876543210");
        let of = |first: &str, also: &str| Propagation::new(first).unwrap().also(also).unwrap();
        let steps = [
            propagation(),
            of(old, new),
            of(new, old),
            Propagation::new(new).unwrap(),
        ];
        for two in steps.windows(2) {
            for (from, to) in [(&two[0], &two[1]), (&two[1], &two[0])] {
                let value = made(from, 1000);
                assert!(to.open(value.as_bytes(), at(1000)).is_some());
            }
        }
        let value = made(&steps[0], 1000);
        assert!(steps[3].open(value.as_bytes(), at(1000)).is_none());
    }

    #[test]
    fn two_values_of_one_content_differ() {
        let propagation = propagation();
        assert_ne!(made(&propagation, 1000), made(&propagation, 1000));
    }

    #[test]
    fn the_secret_is_not_shown() {
        let shown = format!("{:?}", propagation());
        assert_eq!(shown, "Propagation { lasting: 60s, .. }");
    }
}
