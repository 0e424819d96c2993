//! The content of a token, before it is signed.

use std::time::{Duration, SystemTime};

use crate::assign::{Key, Set, Track, is_set_name, is_track_name};

use super::{force_error::ForceError, token};

/// The content of a token: a set, the track that the token forces, and the time when the token expires.
///
/// [`Override::mint`](crate::middleware::Override::mint) makes the token.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use tower_tracks::middleware::{Force, Override};
///
/// let overrides = Override::new("sixteen random bytes, or more")?;
/// let tomorrow = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
/// let token = overrides.mint(&Force::new("pricing", "cheap", tomorrow).phase(2))?;
/// assert!(token.starts_with("v2~pricing~2~cheap~"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "it forces nothing until a token is minted of it"]
pub struct Force {
    pub(super) set: String,
    pub(super) track: String,
    pub(super) phase: u32,
    pub(super) expires: SystemTime,
    /// The kind and the key of the only unit for which the token is valid. The key is never in the
    /// token, only a tag of it.
    pub(super) unit: Option<(String, Key<'static>)>,
}

impl Force {
    /// The longest validity of a token: 90 days from now. A token that expires later is neither minted
    /// nor accepted, so that no token in an old chat works forever.
    ///
    /// ```
    /// use tower_tracks::middleware::Force;
    ///
    /// assert_eq!(Force::LONGEST.as_secs(), 90 * 24 * 60 * 60);
    /// ```
    pub const LONGEST: Duration = Duration::from_secs(90 * 24 * 60 * 60);

    /// Returns the content of a token that forces a track of a set until `expires`, which is truncated
    /// to whole seconds and at most [`LONGEST`](Self::LONGEST) from now.
    ///
    /// It is for phase 1 and for all keys. Names are checked when the token is minted.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::middleware::Force;
    ///
    /// let month = SystemTime::now() + Force::LONGEST / 3;
    /// let force = Force::new("pricing", "cheap", month);
    /// ```
    pub fn new(set: impl Into<String>, track: impl Into<String>, expires: SystemTime) -> Self {
        Self {
            set: set.into(),
            track: track.into(),
            phase: 1,
            expires,
            unit: None,
        }
    }

    /// Sets the phase of the set, from 1: in another phase the token forces nothing.
    ///
    /// So a link in an old message forces no track in a later phase of the set. Defaults to 1.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::middleware::Force;
    ///
    /// let force = Force::new("pricing", "cheap", SystemTime::now() + Force::LONGEST / 3).phase(2);
    /// ```
    pub fn phase(mut self, phase: u32) -> Self {
        self.phase = phase;
        self
    }

    /// Restricts the token to one key. `kind` is the kind of unit of the set. The token does not contain the
    /// key.
    ///
    /// Use it for a link that one customer gets: another person who opens it is not in the track.
    /// Defaults to all keys.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{Key, middleware::{Force, Override}};
    ///
    /// let now = SystemTime::now();
    /// let overrides = Override::new("sixteen random bytes, or more")?;
    /// let force = Force::new("pricing", "cheap", now + Force::LONGEST / 3).only_for("user", 42);
    /// let forced = overrides.verify(&overrides.mint(&force)?, now)?;
    /// assert!(forced.is_for("user", &Key::from(42)));
    /// assert!(!forced.is_for("user", &Key::from(43)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn only_for<'k>(mut self, kind: impl Into<String>, key: impl Into<Key<'k>>) -> Self {
        self.unit = Some((kind.into(), key.into().into_owned()));
        self
    }

    /// Returns the expiry in seconds since 1970, if a token with this content can be minted now.
    pub(super) fn check(&self, now: SystemTime) -> Result<u64, ForceError> {
        self.check_names()?;
        if self.phase == 0 {
            let set = self.set.clone();
            return Err(ForceError::PhaseZero { set });
        }
        if is_too_long(self.expires, now) {
            return Err(ForceError::TooLong);
        }
        token::seconds(self.expires).ok_or(ForceError::Expires)
    }

    /// Checks that one of these sets has the track, in this phase.
    pub(super) fn check_among<'a>(
        &self,
        sets: impl IntoIterator<Item = &'a Set>,
    ) -> Result<(), ForceError> {
        let sets: Vec<&Set> = sets.into_iter().collect();
        let Some(set) = sets.iter().find(|set| set.is_named(&self.set)) else {
            return Err(ForceError::UnknownSet {
                set: self.set.clone(),
                known: names(sets.iter().map(|set| set.name())),
            });
        };
        self.check_in(set)
    }

    /// Checks that the set has the track, and is in the phase.
    fn check_in(&self, set: &Set) -> Result<(), ForceError> {
        let mut tracks = set.tracks().iter().map(Track::name);
        match tracks.any(|track| track == self.track) {
            false => Err(ForceError::UnknownTrack {
                set: self.set.clone(),
                track: self.track.clone(),
                known: names(set.tracks().iter().map(Track::name)),
            }),
            true if set.phase() != self.phase => Err(ForceError::OtherPhase {
                set: self.set.clone(),
                phase: self.phase,
                current: set.phase(),
            }),
            true => Ok(()),
        }
    }

    /// Checks the rules of names, which keep `~` out of them: it separates the fields of a token.
    fn check_names(&self) -> Result<(), ForceError> {
        let (set, track) = (self.set.clone(), self.track.clone());
        match &self.unit {
            _ if !is_set_name(&set) => Err(ForceError::Set { set }),
            _ if !is_track_name(&track) => Err(ForceError::Track { track }),
            Some((unit, _)) if !is_set_name(unit) => Err(ForceError::Unit { unit: unit.clone() }),
            Some((_, key)) if !key.is_valid() => Err(ForceError::Key),
            _ => Ok(()),
        }
    }
}

/// Returns whether a token with this expiry is valid for longer than [`Force::LONGEST`] from now on.
pub(super) fn is_too_long(expires: SystemTime, now: SystemTime) -> bool {
    // An expiry in the past is 0, and so not too long: such a token is refused as expired.
    let lasts = expires.duration_since(now).unwrap_or_default();
    lasts > Force::LONGEST
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.map(str::to_owned).collect()
}
