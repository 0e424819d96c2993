use std::{any::TypeId, collections::HashMap, fmt, sync::Arc};

use http::{HeaderName, request::Parts};

use crate::{
    assign::{Pick, Reason, RunId, Set, Sets},
    event::Observe,
};

use super::{
    Clock, Group, KeySources, PauseHandle, Randomness,
    assignments::Entry,
    exposure_header::{Members, TRACKS_EXPOSURE},
    key_source::{Origin, RequestKey},
    pause::{self, Flags},
    warning::Warnings,
};

/// All that a layer was told, behind one `Arc`, since a service is cloned for each request.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) groups: Vec<Member>,
    /// Where each typed set is, as group and set.
    pub(super) typed: HashMap<TypeId, (usize, usize)>,
    pub(super) keys: Vec<(Box<str>, KeySources)>,
    pub(super) header: Option<HeaderName>,
    pub(super) observer: Arc<dyn Observe>,
    pub(super) clock: Clock,
    pub(super) randomness: Randomness,
    pub(super) run_ids: bool,
    pub(super) warnings: Arc<Warnings>,
}

/// A group in its layer.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) group: Group,
    pub(super) members: Members,
    pub(super) paused: Flags,
}

impl Settings {
    pub(super) fn new(group: Group) -> Self {
        let mut settings = Self {
            groups: Vec::new(),
            typed: HashMap::new(),
            keys: vec![(crate::assign::DEFAULT_UNIT.into(), KeySources::default())],
            header: Some(TRACKS_EXPOSURE),
            observer: Arc::new(()),
            clock: Clock::default(),
            randomness: Randomness::default(),
            run_ids: false,
            warnings: Arc::default(),
        };
        settings.push(group);
        settings
    }

    pub(super) fn push(&mut self, group: Group) {
        let index = self.groups.len();
        let typed = group.sets.iter().enumerate();
        let typed = typed.filter_map(|(set, built)| Some((built.typed()?, (index, set))));
        self.typed.extend(typed);
        self.groups.push(Member {
            members: Members::new(&group.sets),
            paused: Flags::new(&group.sets),
            group,
        });
    }

    pub(super) fn keys(&mut self, unit: Box<str>, sources: KeySources) {
        match self.keys.iter_mut().find(|(known, _)| *known == unit) {
            Some((_, known)) => *known = sources,
            None => self.keys.push((unit, sources)),
        }
    }

    pub(super) fn sets(&self) -> impl Iterator<Item = &Set> {
        self.groups
            .iter()
            .flat_map(|member| member.group.sets.iter())
            .map(|set| &**set)
    }

    pub(super) fn pauses(&self) -> PauseHandle {
        let handles = |member: &Member| (Arc::clone(&member.group.sets), member.paused.clone());
        PauseHandle::new(self.groups.iter().map(handles))
    }

    /// Says which sets the environment turns off that are not there.
    pub(super) fn check_off(&self) {
        let off = std::env::var(pause::TRACKS_OFF).unwrap_or_default();
        let is_unknown = |name: &&str| self.sets().all(|set| set.name() != *name);
        self.warnings
            .unknown_off(pause::names(&off).filter(is_unknown));
    }

    /// Returns the choices of all groups for a request: the first, and the rest.
    pub(super) fn assign(&self, parts: &Parts) -> (Entry, Box<[Entry]>) {
        let first = self.entry(0, self.find_key(0, parts), parts);
        let mut rest: Vec<Entry> = Vec::with_capacity(self.groups.len() - 1);
        for index in 1..self.groups.len() {
            let known = || std::iter::once(&first).chain(&rest);
            let same_unit = |entry: &&Entry| self.unit(entry.group) == self.unit(index);
            let key = match known().find(same_unit) {
                Some(entry) => entry.key.clone(),
                None => {
                    self.find_key(index, parts)
                        .map(|found| match known().find_map(Entry::issued) {
                            // A new visitor is one visitor, whatever the units.
                            Some(key) if found.origin == Origin::Issued => found.with(key),
                            _ => found,
                        })
                }
            };
            rest.push(self.entry(index, key, parts));
        }
        (first, rest.into())
    }

    fn entry(&self, index: usize, key: Option<RequestKey>, parts: &Parts) -> Entry {
        let member = &self.groups[index];
        let pick = match &key {
            None => Pick::nothing(Reason::NoKey),
            Some(found) => member.pick(found, parts),
        };
        let run_id = || self.randomness.bytes().map(RunId::from_random);
        let run_id = self.run_ids.then(run_id).flatten();
        Entry::new(index, key, pick, run_id)
    }

    fn find_key(&self, index: usize, parts: &Parts) -> Option<RequestKey> {
        self.sources(index)?.find(parts, &self.randomness)
    }

    /// Returns the sources of a group's key.
    pub(super) fn sources(&self, index: usize) -> Option<&KeySources> {
        let unit = self.unit(index);
        let (_, sources) = self.keys.iter().find(|(known, _)| **known == *unit)?;
        Some(sources)
    }

    fn unit(&self, index: usize) -> &str {
        self.groups.get(index).map_or("", Member::unit)
    }
}

impl Member {
    fn pick(&self, found: &RequestKey, parts: &Parts) -> Pick {
        let pick = self.group.pick(&found.key, parts);
        match pick.set {
            Some(set) if self.paused.is_up(set) => pick.paused(),
            _ => pick,
        }
    }

    /// All sets of a group are about one unit.
    fn unit(&self) -> &str {
        self.sets()
            .set(0)
            .map_or(crate::assign::DEFAULT_UNIT, Set::unit)
    }

    pub(super) fn sets(&self) -> &Arc<Sets> {
        &self.group.sets
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.groups.iter().map(|member| &member.group);
        f.debug_struct("Settings")
            .field("groups", &groups.collect::<Vec<_>>())
            .field("keys", &self.keys)
            .field("header", &self.header)
            .field("run_ids", &self.run_ids)
            .finish_non_exhaustive()
    }
}
