use std::time::SystemTime;

use crate::{
    assign::{Key, Set},
    unit::SubKey,
};

use super::{
    refused::Refused,
    token::{self, EVERYBODY, Signed},
};

/// What a valid token forces.
///
/// It may be [restricted to one unit](Self::is_for): check that.
#[derive(Debug, Clone)]
pub struct Forced {
    set: Box<str>,
    track: Box<str>,
    phase: u32,
    expires: SystemTime,
    unit: Option<Bound>,
}

/// The tag of the one key for which a token works, and the key that made it.
#[derive(Debug, Clone)]
struct Bound {
    tag: Box<str>,
    units: SubKey,
}

impl Forced {
    /// Returns what these fields force; `None` when they are not of a token that was minted.
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
    pub fn set(&self) -> &str {
        &self.set
    }

    /// Returns the name of the track.
    pub fn track(&self) -> &str {
        &self.track
    }

    /// Returns the phase of the set, from 1.
    pub fn phase(&self) -> u32 {
        self.phase
    }

    /// Returns when its time is over, in whole seconds.
    pub fn expires(&self) -> SystemTime {
        self.expires
    }

    /// Returns whether it works for everybody.
    pub fn is_for_everybody(&self) -> bool {
        self.unit.is_none()
    }

    /// Returns whether it works for this key of this kind: always, when it is for everybody.
    pub fn is_for(&self, kind: &str, key: &Key<'_>) -> bool {
        let is_for = |Bound { tag, units }: &Bound| {
            let unit = [kind.as_bytes(), key.as_bytes()];
            units.tag(unit).is(tag)
        };
        self.unit.as_ref().is_none_or(is_for)
    }

    /// Returns the index of the track in this very set, for the request's key of the set's
    /// unit.
    pub(in crate::middleware) fn track_in(
        &self,
        set: &Set,
        key: Option<&Key<'_>>,
    ) -> Result<usize, Refused> {
        self.check_set(set)?;
        let is_for_key = || key.is_some_and(|key| self.is_for(set.unit(), key));
        if !self.is_for_everybody() && !is_for_key() {
            return Err(Refused::OtherUnit);
        }
        let mut tracks = set.tracks().iter();
        let index = tracks.position(|track| track.name() == self.track());
        index.ok_or(Refused::UnknownTrack)
    }

    fn check_set(&self, set: &Set) -> Result<(), Refused> {
        match set.name() == self.set() {
            false => Err(Refused::UnknownSet),
            true if set.phase() != self.phase => Err(Refused::OtherPhase),
            true => Ok(()),
        }
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
        let delay = SimpleTrackSet::new("delay").track("long", 1).unit("user");
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
