//! What a request carries from the service before, and what follows from it here.
//!
//! A choice that was passed is never made again. It is counted here only if the service before left that open,
//! and if both services mean the same set.

use http::request::Parts;

use crate::assign::{Key, Pick, Reason, Set};

use super::{
    carried::Carried,
    content::{Content, PropagatedSet},
};
use crate::middleware::{
    group::Member,
    key::{Origin, RequestKey},
    request::{Entry, Few, Upstream},
    screening::Treatment,
    settings::Settings,
};

/// The content of a valid header.
pub(crate) struct Accepted(Content);

impl Settings {
    /// Returns what the request carries, if the layer accepts it. A header that is refused is counted.
    #[inline]
    pub(crate) fn accepted(&self, parts: &Parts) -> Option<Box<Accepted>> {
        self.accepts.as_ref()?;
        self.open(parts)
    }

    #[cold]
    fn open(&self, parts: &Parts) -> Option<Box<Accepted>> {
        let content = match Carried::by(&parts.headers) {
            Carried::Nothing => return None,
            Carried::One(value) => self.accepts.as_ref()?.open(value, self.clock.now()),
            Carried::Several => None,
        };
        if content.is_none() {
            self.screening.counts.add_refused_propagation();
        }
        Some(Box::new(Accepted(content?)))
    }
}

impl Accepted {
    /// Returns how the service before treats the request.
    pub(crate) fn treatment(&self) -> Treatment {
        self.0.treatment
    }

    /// Returns the keys by the kind of unit.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&str, &str)> {
        let keys = self.0.keys.iter();
        keys.map(|(kind, key)| (kind.as_str(), key.as_str()))
    }

    /// Returns whether the key of a kind was passed.
    pub(crate) fn has_key(&self, kind: &str) -> bool {
        self.0.keys.contains_key(kind)
    }

    /// Returns the choice of a set by its name there.
    pub(crate) fn named(&self, name: &str) -> Option<&PropagatedSet> {
        self.0.sets.iter().find(|passed| passed.name == name)
    }

    /// Returns the choice of a set.
    pub(crate) fn of(&self, set: &Set) -> Option<&PropagatedSet> {
        let mut passed = self.0.sets.iter();
        passed.find(|passed| set.is_named(&passed.name))
    }

    /// Replaces the keys of the units whose keys were passed.
    pub(crate) fn replace_keys(&self, settings: &Settings, keys: &mut Few<Option<RequestKey>>) {
        if matches!(self.treatment(), Treatment::Excluded(_)) {
            return;
        }
        let units = settings.keys.units.iter().zip(keys.iter_mut());
        for (unit, key) in units.filter(|(unit, _)| unit.is_wanted) {
            if let Some(passed) = self.0.keys.get(&unit.name) {
                *key = Some(RequestKey {
                    key: Key::from(passed.as_str()).into_owned(),
                    origin: Origin::Given,
                    is_former: false,
                });
            }
        }
    }

    /// Replaces the choices of the sets that were passed.
    pub(crate) fn apply(&self, settings: &Settings, entries: &mut Few<Entry>) {
        for entry in entries.iter_mut() {
            let member = &settings.groups[entry.group];
            // A test of a handler has the track that it asks for.
            if member.pinned().is_some() {
                continue;
            }
            if let Some((pick, upstream)) = self.choice(member, entry.pick) {
                entry.pick = pick;
                entry.upstream = upstream;
            }
        }
    }

    /// Returns the choice of a group that was passed, if any was; `usual` is the one of this layer.
    fn choice(&self, member: &Member, usual: Pick) -> Option<(Pick, Upstream)> {
        let mut sets = member.sets().iter().enumerate();
        let chosen = sets.find_map(|(index, set)| {
            let passed = self.of(set).filter(|passed| passed.is_chosen())?;
            Some(taken_over(passed, member, index, set))
        });
        chosen.or_else(|| self.nothing(member, usual))
    }

    /// Returns the choice of a group of which only sets were passed that were not chosen. Another of its sets may be.
    fn nothing(&self, member: &Member, usual: Pick) -> Option<(Pick, Upstream)> {
        let is_alone = member.sets().iter().len() == 1;
        let index = usual.set.or(is_alone.then_some(0))?;
        let passed = self.of(member.sets().set(index)?)?;
        Some((Pick::nothing(passed.reason), Upstream::Settled))
    }
}

/// Returns the choice of a chosen set here.
fn taken_over(
    passed: &PropagatedSet,
    member: &Member,
    index: usize,
    set: &Set,
) -> (Pick, Upstream) {
    let Some(pick) = passed.pick(index, set) else {
        // This version of the program does not have the track: it has the code path of control.
        return (Pick::nothing(Reason::Ineligible), Upstream::Settled);
    };
    let fingerprint = member.fingerprints.get(index);
    let is_same = passed.phase == set.phase() && fingerprint == Some(&passed.fingerprint);
    let pick = member.in_force(pick);
    let upstream = match pick.reason == passed.reason {
        // The pause of this service.
        false => Upstream::None,
        true if is_same && !passed.counted => Upstream::Open,
        true => Upstream::Settled,
    };
    (pick, upstream)
}
