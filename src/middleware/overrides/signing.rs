//! The secret of tokens.

use std::{fmt, time::SystemTime};

use crate::{
    assign::Set,
    unit::{CookieSigning, Purpose, Secret, SecretError, SubKey},
};

use super::{
    force::{Force, is_too_long},
    force_error::ForceError,
    forced::Forced,
    link,
    refused::Refused,
    token::{EVERYBODY, Signed, Token},
};

/// Mints and verifies tokens that force a track.
///
/// A token can be passed on, but not changed: it is signed with HMAC-SHA-256, truncated to 128 bits.
///
/// A layer with [`overrides`](crate::TracksLayer::overrides) accepts its tokens. Mint them in the same
/// program, with the command line, or in any program that has the secret.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use tower_tracks::{SimpleTrackSet, TracksLayer, middleware::{Force, Override}};
///
/// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
/// let overrides = Override::new("sixteen random bytes, or more")?;
///
/// let hour = Duration::from_secs(60 * 60);
/// let force = Force::new("pricing", "cheap", SystemTime::now() + hour);
/// let link = overrides.link("https://shop.example/coconuts", pricing.sets(), &force)?;
///
/// let layer = TracksLayer::new(pricing).overrides(overrides);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Override {
    minting: Keys,
    former: Vec<Keys>,
    /// The signing of visitor cookies with the same secrets, for a layer that has no other secret.
    cookies: CookieSigning,
}

/// The keys of one secret: for tokens, and for the unit in a token.
#[derive(Clone)]
struct Keys {
    tokens: SubKey,
    units: SubKey,
}

impl Keys {
    fn of(secret: &Secret) -> Self {
        Self {
            tokens: secret.derive(Purpose::OVERRIDE),
            units: secret.derive(Purpose::OVERRIDE_UNIT),
        }
    }
}

impl Override {
    /// Returns overrides that are signed with a secret.
    ///
    /// Different purposes use different keys, which are derived from the secret: one secret can also
    /// sign cookies, mask names and make units.
    ///
    /// ```
    /// use tower_tracks::middleware::Override;
    ///
    /// let overrides = Override::new("sixteen random bytes, or more")?;
    /// assert!(Override::new("short").is_err());
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the secret is shorter than 16 bytes, or repeats one byte. Use random bytes.
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, SecretError> {
        Secret::new(secret.as_ref()).map(|secret| Self::by(&secret))
    }

    /// Returns overrides that are signed with the secret in an environment variable.
    ///
    /// ```no_run
    /// use tower_tracks::middleware::Override;
    ///
    /// let overrides = Override::from_env("TRACKS_SECRET")?;
    /// # Ok::<(), tower_tracks::unit::SecretError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the variable is not set, or its secret is refused. The message names the variable.
    pub fn from_env(variable: &str) -> Result<Self, SecretError> {
        Secret::from_env(variable).map(|secret| Self::by(&secret))
    }

    /// Also accepts tokens of a former secret.
    ///
    /// New tokens are minted with the secret of [`new`](Self::new). Tokens are valid for at most 90 days, so
    /// keep the former secret for that time. If it also signed visitor cookies, they are accepted as well:
    /// then keep it as long as a browser keeps the cookie.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::middleware::{Force, Override};
    ///
    /// let now = SystemTime::now();
    /// let former = Override::new("sixteen random bytes, or more")?;
    /// let token = former.mint(&Force::new("pricing", "cheap", now + Force::LONGEST / 3))?;
    ///
    /// let overrides = Override::new("sixteen new random bytes")?;
    /// let overrides = overrides.also("sixteen random bytes, or more")?;
    /// assert!(overrides.verify(&token, now).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as [`new`](Self::new).
    pub fn also(mut self, former: impl AsRef<[u8]>) -> Result<Self, SecretError> {
        let former = Secret::new(former.as_ref())?;
        self.former.push(Keys::of(&former));
        self.cookies = self.cookies.accepting(&former);
        Ok(self)
    }

    /// Returns a token: at most 256 characters of `A-Z`, `a-z`, `0-9`, `_`, `.`, `*`, `~` and
    /// `-`, which need no escape in a query or a cookie.
    ///
    /// It does not check whether the set and the track exist, because the program that mints may not
    /// have them. If it has them, use [`mint_for`](Self::mint_for).
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::middleware::{Force, Override};
    ///
    /// let overrides = Override::new("sixteen random bytes, or more")?;
    /// let force = Force::new("pricing", "cheap", SystemTime::now() + Force::LONGEST / 3);
    /// let link = format!("https://shop.example/?tracks={}", overrides.mint(&force)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a name is invalid, the phase is 0, or the token would expire before 1970 or more than
    /// [90 days](Force::LONGEST) from now.
    pub fn mint(&self, force: &Force) -> Result<String, ForceError> {
        let expires = force.check(SystemTime::now())?.to_string();
        let phase = force.phase.to_string();
        let unit = self.unit(force);
        let signed = Signed {
            set: &force.set,
            phase: &phase,
            track: &force.track,
            expires: &expires,
            unit: unit.as_deref().unwrap_or(EVERYBODY),
        };
        let tag = self.minting.tokens.tag(signed.bytes()).to_hex();
        Ok(Token { signed, tag: &tag }.write())
    }

    /// Returns a token, like [`mint`](Self::mint), for a track of one of these sets.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{SimpleTrackSet, middleware::{Force, Override}};
    ///
    /// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
    /// let overrides = Override::new("sixteen random bytes, or more")?;
    /// let month = SystemTime::now() + Force::LONGEST / 3;
    /// assert!(overrides.mint_for(pricing.sets(), &Force::new("pricing", "cheap", month)).is_ok());
    /// assert!(overrides.mint_for(pricing.sets(), &Force::new("pricing", "dear", month)).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as [`mint`](Self::mint), and if no set has the name, the track and the phase. The
    /// message lists the known names.
    pub fn mint_for<'a>(
        &self,
        sets: impl IntoIterator<Item = &'a Set>,
        force: &Force,
    ) -> Result<String, ForceError> {
        force.check_among(sets)?;
        self.mint(force)
    }

    /// Returns a link to a page that shows the track, such as
    /// `https://shop.example/coconuts?tracks=v2~…`.
    ///
    /// The token is added to the query of the page, before its fragment.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{SimpleTrackSet, middleware::{Force, Override}};
    ///
    /// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
    /// let overrides = Override::new("sixteen random bytes, or more")?;
    /// let force = Force::new("pricing", "cheap", SystemTime::now() + Force::LONGEST / 3);
    /// let link = overrides.link("https://shop.example/?q=coconut#top", pricing.sets(), &force)?;
    /// assert!(link.starts_with("https://shop.example/?q=coconut&tracks=v2~pricing~1~cheap~"));
    /// assert!(link.ends_with("#top"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as [`mint_for`](Self::mint_for).
    pub fn link<'a>(
        &self,
        page: &str,
        sets: impl IntoIterator<Item = &'a Set>,
        force: &Force,
    ) -> Result<String, ForceError> {
        let token = self.mint_for(sets, force)?;
        Ok(link::with_token(page, &token))
    }

    /// Returns the content of a token that is valid at this time. Check its key with
    /// [`Forced::is_for`].
    ///
    /// The comparison of the tag takes constant time.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::middleware::{Force, Override, Refused};
    ///
    /// let now = SystemTime::now();
    /// let overrides = Override::new("sixteen random bytes, or more")?;
    /// let token = overrides.mint(&Force::new("pricing", "cheap", now + Force::LONGEST / 3))?;
    /// assert_eq!(overrides.verify(&token, now)?.track(), "cheap");
    ///
    /// let changed = token.replace("cheap", "gratis");
    /// assert_eq!(overrides.verify(&changed, now).unwrap_err(), Refused::Signature);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the token is malformed, was not signed with one of the secrets, has expired, or expires more
    /// than [90 days](Force::LONGEST) from that time.
    pub fn verify(&self, token: &str, now: SystemTime) -> Result<Forced, Refused> {
        let Token { signed, tag } = Token::read(token).ok_or(Refused::Malformed)?;
        let mut all = std::iter::once(&self.minting).chain(&self.former);
        let keys = all
            .find(|keys| keys.tokens.tag(signed.bytes()).is(tag))
            .ok_or(Refused::Signature)?;
        // Only now: no field of a token is parsed before its signature is verified.
        let forced = Forced::new(&signed, &keys.units).ok_or(Refused::Malformed)?;
        if now >= forced.expires() {
            return Err(Refused::Expired);
        }
        if is_too_long(forced.expires(), now) {
            return Err(Refused::TooLong);
        }
        Ok(forced)
    }

    /// Returns the signing of visitors' cookies by the same secrets.
    pub(in crate::middleware) fn cookie_signing(&self) -> CookieSigning {
        self.cookies.clone()
    }

    fn by(secret: &Secret) -> Self {
        Self {
            minting: Keys::of(secret),
            former: Vec::new(),
            cookies: CookieSigning::by(secret),
        }
    }

    /// Returns the tag of the only unit, 32 hexadecimal digits; `None` for everybody.
    fn unit(&self, force: &Force) -> Option<String> {
        let (kind, key) = force.unit.as_ref()?;
        let unit = [kind.as_bytes(), key.as_bytes()];
        Some(self.minting.units.tag(unit).to_hex())
    }
}

impl fmt::Debug for Override {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secrets = 1 + self.former.len();
        write!(f, "Override(<{secrets} secrets>)")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{super::token, *};

    fn overrides() -> Override {
        Override::new("0123456789abcdef").unwrap()
    }

    fn force() -> Force {
        Force::new("pricing", "cheap", token::time(1_700_000_000).unwrap()).phase(2)
    }

    /// The tags are of Python's `hmac`.
    #[test]
    fn tokens_are_those_of_python() {
        let everybody = "v2~pricing~2~cheap~1700000000~-~9f7007aaf7225ceca1453303c410bbb6";
        assert_eq!(overrides().mint(&force()).unwrap(), everybody);
        let user = "v2~pricing~2~cheap~1700000000~614c988e3a1b59dab1646188bcca9ac9~\
                    f2498ae8dda7f796a370e429746582b1";
        let force = force().only_for("user", 42);
        assert_eq!(overrides().mint(&force).unwrap(), user);
    }

    #[test]
    fn a_token_ends_with_its_second() {
        let end = token::time(1_700_000_000).unwrap();
        let moment = Duration::from_nanos(1);
        let token = overrides().mint(&force()).unwrap();
        assert!(overrides().verify(&token, end - moment).is_ok());
        let later = overrides().verify(&token, end);
        assert_eq!(later.unwrap_err(), Refused::Expired);
    }

    /// Where the secret leaks, what is signed but was never minted does not panic.
    #[test]
    fn a_signed_text_that_is_not_a_token_is_malformed() {
        for (phase, expires) in [("x", "1"), ("1", "-1"), ("1", "18446744073709551615")] {
            let signed = Signed {
                set: "a",
                phase,
                track: "b",
                expires,
                unit: EVERYBODY,
            };
            let tag = overrides().minting.tokens.tag(signed.bytes()).to_hex();
            let token = Token { signed, tag: &tag }.write();
            let refused = overrides().verify(&token, SystemTime::UNIX_EPOCH);
            assert_eq!(refused.unwrap_err(), Refused::Malformed);
        }
    }

    #[test]
    fn the_secrets_are_not_shown() {
        let overrides = overrides().also("correct horse battery staple").unwrap();
        assert_eq!(format!("{overrides:?}"), "Override(<2 secrets>)");
        let token = overrides.mint(&force().only_for("user", "alice")).unwrap();
        let before = token::time(1_699_999_999).unwrap();
        let forced = overrides.verify(&token, before).unwrap();
        let shown = format!("{forced:?} {:?}", force().only_for("user", "alice"));
        assert!(
            !shown.contains("alice") && !shown.contains("correct"),
            "{shown}"
        );
    }
}
