//! The configuration of a layer, and what is derived from it whenever it changes.
//!
//! [`Settings::push`] and [`Settings::key_of`] end with [`Settings::link`], so that the derived fields
//! are correct before the first request. No request changes the settings; what changes while a service
//! runs is atomic, such as pauses and counts.

use std::{
    any::TypeId,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, OnceLock},
};

use http::HeaderName;

#[cfg(feature = "test-util")]
use crate::assign::{Pick, Reason};
use crate::{
    assign::{DEFAULT_UNIT, Set, Track, is_set_name},
    event::Observe,
};

#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
use super::key::Signing;
#[cfg(feature = "propagation")]
use super::propagation::Propagation;
#[cfg(feature = "mask")]
use super::response::Mask;
use super::{
    group::{Flags, Group, Member, Untracked, pause},
    key::{KeySources, Keys, VisitorCookie},
    request::Clock,
    response::{Members, Names, TRACKS_EXPOSURE},
    screening::Screening,
    warning::Warnings,
};
#[cfg(feature = "overrides")]
use super::{overrides::Override, screening::Predicate};
#[cfg(feature = "control")]
use crate::control::Controls;
#[cfg(feature = "units")]
use crate::unit::Units;

/// The configuration of a layer, behind one `Arc`, because a service is cloned for each request.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    /// At least one: [`Settings::new`] takes the first. The order is that of the calls of `and`.
    pub(super) groups: Vec<Member>,
    /// Where each typed set is, as group and set; sorted.
    typed: Vec<(TypeId, usize, usize)>,
    /// The groups that are holdouts.
    holdouts: Vec<usize>,
    /// The units, and the sources of their keys.
    pub(super) keys: Keys,
    /// Whether documents issue a cookie.
    pub(super) documents: bool,
    /// Whether keys are in extensions, which may come too late.
    #[cfg(feature = "axum")]
    pub(super) extensions: bool,
    /// The name of the exposure header; `None` if it is disabled.
    pub(super) header: Option<HeaderName>,
    /// The names in the header: plain, or masked.
    pub(super) names: Names,
    /// The secret of tokens; `None` if no token is accepted.
    #[cfg(feature = "overrides")]
    pub(super) overrides: Option<Override>,
    /// The predicate for requests that choose a track by name.
    #[cfg(feature = "overrides")]
    pub(super) staff: Option<Predicate>,
    /// What seals the header for the next service; `None` if none is made.
    #[cfg(feature = "propagation")]
    pub(super) propagates: Option<Propagation>,
    /// What opens the header of the service before; `None` if none is accepted.
    #[cfg(feature = "propagation")]
    pub(super) accepts: Option<Propagation>,
    /// The units of the header, if it has units.
    #[cfg(feature = "units")]
    pub(super) pseudonyms: Option<Units>,
    /// The signing of visitor cookies, if a feature with a secret is on.
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    pub(super) signing: Signing,
    /// All observers, as nested pairs; `None` if there is none, which spares the clock in each request.
    pub(super) observer: Option<Arc<dyn Observe>>,
    /// The controls that groups follow which are added later.
    #[cfg(feature = "control")]
    controls: Option<Controls>,
    /// The clock of exposures, conversions, tokens and durations.
    pub(super) clock: Clock,
    /// Whether each assignment gets a run.
    pub(super) run_ids: bool,
    /// Exclusion, consent, and the counts of both.
    pub(super) screening: Screening,
    /// The warnings that were already logged. Copies share them, so that each is logged once.
    pub(super) warnings: Arc<Warnings>,
    /// Set once the observer has received the sets. Each change of a setting clears it.
    pub(super) defined: OnceLock<()>,
}

impl Settings {
    /// Returns the default settings with one group.
    pub(super) fn new(group: Group) -> Self {
        let mut settings = Self {
            header: Some(TRACKS_EXPOSURE),
            ..Self::default()
        };
        settings.push(group);
        settings
    }

    /// Adds a group that holds keys out of the other groups.
    pub(super) fn push_holdout(&mut self, group: Group) {
        self.holdouts.push(self.groups.len());
        self.push(group);
    }

    /// Returns the groups that may hold a key out of a group: those of its unit, if it is no holdout itself.
    #[inline]
    pub(super) fn holdouts_over(&self, group: usize) -> impl Iterator<Item = usize> {
        let holdouts = self.holdouts.iter().copied();
        let is_held = !self.holdouts.contains(&group);
        // By the name, since a unit may have no key.
        let unit = |group: usize| self.groups[group].unit_name();
        holdouts.filter(move |holdout| is_held && unit(*holdout) == unit(group))
    }

    /// Returns whether a holdout decides about a group now. A paused holdout holds nobody out. A shipped holdout
    /// treats all visitors alike.
    #[inline]
    pub(super) fn is_held(&self, group: usize) -> bool {
        let mut holdouts = self.holdouts_over(group);
        holdouts.any(|holdout| self.groups[holdout].decides())
    }

    /// Adds a group. The caller has checked that its names are distinct from those of the others.
    pub(super) fn push(&mut self, group: Group) {
        let index = self.groups.len();
        let typed = group.sets.iter().enumerate();
        let typed = typed.filter_map(|(set, built)| Some((built.typed()?, index, set)));
        self.typed.extend(typed);
        self.typed.sort_unstable();
        self.groups.push(Member {
            members: Members::new(&group.sets, &self.names),
            paused: Flags::paused_at_start(&group.sets),
            read: Flags::new(&group.sets, |_| false),
            untracked: Untracked::new(&group.sets),
            unit: None,
            by_closure: false,
            by_document: false,
            #[cfg(feature = "propagation")]
            fingerprints: super::propagation::fingerprints(&group.sets),
            #[cfg(feature = "control")]
            dials: self
                .controls
                .as_ref()
                .map(|controls| controls.register(&group.sets)),
            #[cfg(feature = "test-util")]
            pinned: None,
            group,
        });
        // At the end, because the new group may be the first to need a unit.
        self.link();
    }

    /// Returns the group and the index in it of a typed set.
    #[cfg(feature = "axum")]
    #[inline]
    pub(super) fn typed(&self, of: TypeId) -> Option<(usize, usize)> {
        let found = self.typed.binary_search_by_key(&of, |(typed, ..)| *typed);
        let (_, group, set) = self.typed.get(found.ok()?)?;
        Some((*group, *set))
    }

    /// Sets by which names the header calls what was read.
    /// Lets the groups, also those that are added later, follow the controls.
    #[cfg(feature = "control")]
    pub(super) fn control(&mut self, controls: &Controls) {
        for member in &mut self.groups {
            member.dials = Some(controls.register(&member.group.sets));
        }
        self.controls = Some(controls.clone());
    }

    #[cfg(feature = "mask")]
    pub(super) fn mask(&mut self, mask: Mask) {
        self.names.mask = Some(mask);
        for member in &mut self.groups {
            member.members = Members::new(&member.group.sets, &self.names);
        }
    }

    /// Returns the group and the index in it of the set that has this name, or had it.
    #[cfg(feature = "overrides")]
    pub(super) fn find_set(&self, name: &str) -> Option<(usize, usize, &Set)> {
        // A walk and no map, because only requests with a token look up a set by its name.
        self.groups.iter().enumerate().find_map(|(group, member)| {
            let mut sets = member.sets().iter().enumerate();
            let (index, set) = sets.find(|(_, set)| set.is_named(name))?;
            Some((group, index, &**set))
        })
    }

    /// Sets where the keys of a unit come from.
    pub(super) fn key_of(&mut self, unit: String, sources: KeySources) {
        self.keys.set(unit, sources);
        self.link();
    }

    /// Returns the sets of all groups, in order.
    pub(super) fn sets(&self) -> impl Iterator<Item = &Set> {
        self.groups
            .iter()
            .flat_map(|member| member.group.sets.iter())
            .map(|set| &**set)
    }

    /// Returns whether the treatment of a request depends on a closure of the application, or on another service.
    #[inline]
    pub(super) fn treats_by_closure(&self) -> bool {
        #[cfg(feature = "overrides")]
        let has_staff = self.staff.is_some();
        #[cfg(not(feature = "overrides"))]
        let has_staff = false;
        // Another service decides about a request that carries its choices, by whatever it depends on.
        #[cfg(feature = "propagation")]
        let has_upstream = self.accepts.is_some();
        #[cfg(not(feature = "propagation"))]
        let has_upstream = false;
        has_staff || has_upstream || self.screening.is_by_closure()
    }

    /// Warns about mistakes of the configuration, once.
    pub(super) fn check(&self) {
        // Read again, because the flags of a group do not keep the names that it does not have.
        let off = std::env::var(pause::TRACKS_OFF).unwrap_or_default();
        let is_unknown = |name: &&str| self.sets().all(|set| !set.is_named(name));
        self.warnings
            .unknown_off(pause::names(&off).filter(is_unknown));
        let without_key = self.groups.iter().filter(|member| member.unit.is_none());
        self.warnings
            .units_without_key(without_key.map(Member::unit_name));
        let names = self.keys.units.iter().map(|unit| &*unit.name);
        self.warnings
            .invalid_units(names.filter(|name| !is_set_name(name)));
        let is_bare = |set: &&Set| set.tracks().iter().all(Track::is_control);
        let bare = self.sets().filter(is_bare);
        self.warnings.control_alone(bare.map(Set::name));
    }

    /// Reports the sets to the observer, once: routers put a layer around each
    /// route of each connection.
    pub(super) fn define(&self) {
        let Some(observer) = &self.observer else {
            return;
        };
        // Before the calls, so that a route that is layered on another thread does not report them
        // again.
        if self.defined.set(()).is_err() {
            return;
        }
        let sets = self.groups.iter().flat_map(|member| member.sets().iter());
        sets.for_each(|set| self.guarded(|| observer.define(set)));
    }

    /// Calls the observer. If it panics, only this event is lost.
    pub(super) fn guarded<R: Default>(&self, observe: impl FnOnce() -> R) -> R {
        // An observer is also called in a destructor, while a panic of the handler unwinds. A second
        // panic there would abort the process.
        let result = catch_unwind(AssertUnwindSafe(observe));
        result.unwrap_or_else(|_| {
            self.warnings.observer_panicked();
            R::default()
        })
    }

    /// Pins the first such track of the first such set; `None` when there is none.
    #[cfg(feature = "test-util")]
    pub(super) fn pin(
        &mut self,
        is_set: impl Fn(&Set) -> bool,
        is_track: impl Fn(&Track) -> bool,
    ) -> Option<()> {
        self.groups.iter_mut().find_map(|member| {
            let set = member.sets().iter().position(|set| is_set(set))?;
            let mut tracks = member.sets().set(set)?.tracks().iter();
            let track = tracks.position(&is_track)?;
            member.pinned = Some(Pick::given(set, track, Reason::Bucketed));
            Some(())
        })
    }

    /// Lets a layer take the headers of another service.
    #[cfg(feature = "propagation")]
    pub(super) fn accept(&mut self, propagation: Propagation) {
        self.accepts = Some(propagation);
        self.link();
    }

    /// Lets other programs name the keys for all groups.
    #[cfg(feature = "ofrep")]
    pub(super) fn be_told(&mut self) {
        self.add_units();
        self.link();
    }

    /// Adds the units of the groups that have no source here: another program tells their keys.
    #[cfg(any(feature = "ofrep", feature = "propagation"))]
    fn add_units(&mut self) {
        for member in &self.groups {
            let name = member.unit_name();
            if self.keys.units.iter().all(|unit| unit.name != name) {
                let none = KeySources::from(Vec::new());
                self.keys.set(name.to_owned(), none);
            }
        }
    }

    /// Finds out anew which units the groups are about. Other units than the visitor's are always
    /// wanted, because a signed-in user is reported as an alias. Units with an invalid name never are.
    fn link(&mut self) {
        #[cfg(feature = "propagation")]
        if self.accepts.is_some() {
            self.add_units();
        }
        for unit in &mut self.keys.units {
            let is_ours = |member: &Member| *member.unit_name() == *unit.name;
            let is_needed = *unit.name != *DEFAULT_UNIT || self.groups.iter().any(is_ours);
            unit.is_wanted = is_needed && is_set_name(&unit.name);
        }
        for member in &mut self.groups {
            let name = member.unit_name();
            member.unit = self.keys.units.iter().position(|unit| *unit.name == *name);
            let unit = member.unit.and_then(|unit| self.keys.units.get(unit));
            let has_closures = unit.is_some_and(|unit| unit.sources.have_closures());
            member.by_closure = has_closures || member.sets().look_at_a_context();
            let cookie = unit.and_then(|unit| unit.sources.visitor_cookie());
            member.by_document = cookie.is_some_and(VisitorCookie::is_with_documents);
        }
        self.documents = self.groups.iter().any(|member| member.by_document);
        #[cfg(feature = "axum")]
        {
            let mut units = self.keys.units.iter();
            self.extensions = units.any(|unit| unit.sources.are_in_extensions());
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.groups.iter().map(|member| &member.group);
        f.debug_struct("Settings")
            .field("groups", &groups.collect::<Vec<_>>())
            .field("units", &self.keys.units)
            .field("header", &self.header)
            .field("run_ids", &self.run_ids)
            .finish_non_exhaustive()
    }
}
