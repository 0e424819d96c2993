//! The content of a token, after its signature was verified.

use std::time::SystemTime;

use crate::{
    assign::{Key, Set},
    unit::SubKey,
};

use super::{
    refused::Refused,
    token::{self, EVERYBODY, Signed},
};

/// The content of a valid token.
///
/// [`Override::verify`](crate::middleware::Override::verify) returns it. It may be [restricted to one
/// unit](Self::is_for): check that, for instance in a program that verifies tokens without a layer. A layer
/// does this check itself.
///
/// ```
/// use std::time::SystemTime;
/// use tower_tracks::middleware::{Force, Override};
///
/// let now = SystemTime::now();
/// let overrides = Override::new("sixteen random bytes, or more")?;
/// let token = overrides.mint(&Force::new("pricing", "cheap", now + Force::LONGEST / 3))?;
///
/// let forced = overrides.verify(&token, now)?;
/// assert_eq!((forced.set(), forced.track(), forced.phase()), ("pricing", "cheap", 1));
/// assert!(forced.is_for_everybody() && forced.expires() > now);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Forced {
    set: Box<str>,
    track: Box<str>,
    phase: u32,
    expires: SystemTime,
    unit: Option<Bound>,
}

/// The tag of the key for which the token is valid, and the sub-key that computes tags.
#[derive(Debug, Clone)]
struct Bound {
    tag: Box<str>,
    units: SubKey,
}

impl Forced {
    /// Returns the content of these fields; `None` if they are not those of a minted token.
    pub(super) fn new(signed: &Signed<'_>, units: &SubKey) -> Option<Self> {
        let bound = |tag: &str| Bound {
            tag: tag.into(),
            units: units.clone(),
        };
        let unit = Some(signed.unit).filter(|unit| *unit != EVERYBODY);
        Some(Self {
            set: signed.set.into(),
            track: signed.track.into(),
            phase: signed.phase.parse().ok()?,
            expires: token::time(signed.expires.parse().ok()?)?,
            unit: unit.map(bound),
        })
    }

    /// Returns the name of the set.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::middleware::{Force, Override};
    ///
    /// let now = SystemTime::now();
    /// let overrides = Override::new("sixteen random bytes, or more")?;
    /// let token = overrides.mint(&Force::new("pricing", "cheap", now + Force::LONGEST / 3))?;
    /// assert_eq!(overrides.verify(&token, now)?.set(), "pricing");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set(&self) -> &str {
        &self.set
    }

    /// Returns the name of the track.
    pub fn track(&self) -> &str {
        &self.track
    }

    /// Returns the phase of the set, from 1.
    ///
    /// In another phase of the set, a layer refuses the token.
    pub fn phase(&self) -> u32 {
        self.phase
    }

    /// Returns the expiry, in whole seconds: from then on the token is refused.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use tower_tracks::middleware::{Force, Override, Refused};
    ///
    /// let now = SystemTime::now();
    /// let overrides = Override::new("sixteen random bytes, or more")?;
    /// let hour = Duration::from_secs(60 * 60);
    /// let token = overrides.mint(&Force::new("pricing", "cheap", now + hour))?;
    /// let expires = overrides.verify(&token, now)?.expires();
    /// assert_eq!(overrides.verify(&token, expires).unwrap_err(), Refused::Expired);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn expires(&self) -> SystemTime {
        self.expires
    }

    /// Returns whether the token is valid for all keys.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::middleware::{Force, Override};
    ///
    /// let now = SystemTime::now();
    /// let overrides = Override::new("sixteen random bytes, or more")?;
    /// let force = Force::new("pricing", "cheap", now + Force::LONGEST / 3).only_for("user", 42);
    /// assert!(!overrides.verify(&overrides.mint(&force)?, now)?.is_for_everybody());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_for_everybody(&self) -> bool {
        self.unit.is_none()
    }

    /// Returns whether the token is valid for this key of this kind. It is true for every key if the
    /// token is [for everybody](Self::is_for_everybody).
    ///
    /// The comparison takes constant time.
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
    /// // The same key of another kind is another unit.
    /// assert!(!forced.is_for("visitor", &Key::from(42)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_for(&self, kind: &str, key: &Key<'_>) -> bool {
        let is_for = |Bound { tag, units }: &Bound| {
            let unit = [kind.as_bytes(), key.as_bytes()];
            units.tag(unit).is(tag)
        };
        self.unit.as_ref().is_none_or(is_for)
    }

    /// Returns the index of the track in this set. `key` is the request's key of the set's unit.
    pub(in crate::middleware) fn track_in(
        &self,
        set: &Set,
        key: Option<&Key<'_>>,
    ) -> Result<usize, Refused> {
        if !set.is_named(self.set()) {
            return Err(Refused::UnknownSet);
        }
        if set.phase() != self.phase {
            return Err(Refused::OtherPhase);
        }
        let is_for_key = || key.is_some_and(|key| self.is_for(set.unit_kind(), key));
        if !self.is_for_everybody() && !is_for_key() {
            return Err(Refused::OtherUnit);
        }
        let mut tracks = set.tracks().iter();
        let index = tracks.position(|track| track.name() == self.track());
        index.ok_or(Refused::UnknownTrack)
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use crate::assign::{MultiTrackSet, SimpleTrackSet};

    use super::*;
    use crate::middleware::overrides::{force::Force, signing::Override};

    fn forced(force: Force) -> Forced {
        let overrides = Override::new("0123456789abcdef").unwrap();
        let token = overrides.mint(&force).unwrap();
        overrides.verify(&token, UNIX_EPOCH).unwrap()
    }

    fn force(set: &str, track: &str) -> Force {
        Force::new(set, track, token::time(60).unwrap())
    }

    fn delay() -> MultiTrackSet {
        let delay = SimpleTrackSet::new("delay")
            .track("long", 1)
            .unit_kind("user");
        delay.phase(2).build().unwrap()
    }

    #[track_caller]
    fn check(force: Force, key: Option<&str>, expected: Result<usize, Refused>) {
        let sets = delay();
        let set = sets.sets().next().unwrap();
        let key = key.map(Key::from);
        assert_eq!(forced(force).track_in(set, key.as_ref()), expected);
    }

    #[test]
    fn it_is_found_in_its_set() {
        check(force("delay", "control").phase(2), None, Ok(0));
        check(force("delay", "long").phase(2), Some("42"), Ok(1));
        check(
            force("delay", "short").phase(2),
            None,
            Err(Refused::UnknownTrack),
        );
        check(force("delay", "long"), None, Err(Refused::OtherPhase));
        check(
            force("pricing", "long").phase(2),
            None,
            Err(Refused::UnknownSet),
        );
    }

    #[test]
    fn it_may_be_for_one_unit_alone() {
        let force = |kind: &str| force("delay", "long").phase(2).only_for(kind, 42);
        check(force("user"), Some("42"), Ok(1));
        for key in [None, Some(""), Some("4"), Some("43")] {
            check(force("user"), key, Err(Refused::OtherUnit));
        }
        check(force("visitor"), Some("42"), Err(Refused::OtherUnit));
    }
}
