use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::{Duration, SystemTime},
};

use http::{HeaderValue, Method, request::Parts};

use crate::{
    assign::{Choice, Key},
    event::{Exposure, Outcome},
};

use super::{
    Assignments, VisitorCookie,
    clock::Started,
    entry::Entry,
    few::Few,
    key_sources::{Origin, RequestKey},
    loopback,
    settings::Settings,
};

/// One request under one layer.
pub(super) struct Request {
    pub(super) settings: Arc<Settings>,
    /// The keys, by the indices of the units in the settings.
    keys: Few<Option<RequestKey>>,
    pub(super) entries: Few<Entry>,
    /// Neither cookie nor exposure comes of this request.
    silent: bool,
    /// Whether there is a new visitor who reached the server by a loopback address.
    pub(super) is_loopback: bool,
    started: Started,
    /// Set once, before `ended` is true.
    ending: OnceLock<(Outcome, Duration)>,
    ended: AtomicBool,
    pub(super) outer: Option<Assignments>,
}

impl Request {
    /// Finds the keys of a request and chooses for it, once.
    pub(super) fn new(settings: &Arc<Settings>, parts: &Parts, outer: Option<Assignments>) -> Self {
        let known = outer.as_ref().and_then(Assignments::issued);
        let keys = settings.find_keys(parts, known);
        let is_new = keys.iter().flatten().any(RequestKey::is_issued);
        Self {
            entries: settings.assign(&keys, parts),
            keys,
            silent: matches!(parts.method, Method::HEAD | Method::OPTIONS),
            is_loopback: is_new && loopback::is_addressed_by(parts),
            started: settings.clock.start(),
            settings: Arc::clone(settings),
            ending: OnceLock::new(),
            ended: AtomicBool::new(false),
            outer,
        }
    }

    pub(super) fn choice(&self, entry: &Entry) -> Choice<'_> {
        Choice::new(self.settings.groups[entry.group].sets(), entry.pick)
    }

    /// Returns the member of the exposure header for what was read.
    pub(super) fn member(&self, entry: &Entry) -> Option<&HeaderValue> {
        let members = &self.settings.groups[entry.group].members;
        members.get(entry.pick.set?, entry.pick.track?)
    }

    /// Returns the key of a new visitor, if there is one.
    pub(super) fn issued(&self) -> Option<&Key<'static>> {
        let key = self.keys.iter().flatten().find(|key| key.is_issued())?;
        Some(&key.key)
    }

    /// Returns the cookies and keys of the new visitors on whose key depends what was sent.
    pub(super) fn new_visitors(&self) -> impl Iterator<Item = (&VisitorCookie, &Key<'static>)> {
        let units = self.settings.units.iter().zip(self.keys.iter());
        units.enumerate().filter_map(|(index, (unit, key))| {
            let key = key.as_ref().filter(|key| key.is_issued())?;
            let was_looked_at = self.entries.iter().any(|entry| {
                entry.reading.was_looked_at()
                    && self.settings.groups[entry.group].unit == Some(index)
            });
            let cookie = unit.sources.visitor_cookie().filter(|_| was_looked_at)?;
            Some((cookie, &key.key))
        })
    }

    /// Notes that the handler acts on the choice, if only on there being none.
    pub(super) fn look(&self, entry: &Entry) {
        // Where nothing could be chosen, the key decided nothing.
        if !self.silent && entry.pick.set.is_some() {
            entry.reading.look();
        }
    }

    /// Notes that the handler reads the track. This is the exposure.
    pub(super) fn read(&self, entry: &Entry) {
        self.look(entry);
        if self.silent || entry.pick.track.is_none() {
            return;
        }
        entry.reading.read(|| self.settings.clock.now());
        if self.ended.load(SeqCst) {
            self.tell(entry, true);
        }
    }

    /// Ends the request, tells all that was read, and returns what that was.
    pub(super) fn end(&self, outcome: Outcome) -> Vec<&Entry> {
        let duration = || self.settings.clock.since(&self.started);
        self.ending.get_or_init(|| (outcome, duration()));
        self.ended.store(true, SeqCst);
        let entries = self.entries.iter();
        entries.filter(|entry| self.tell(entry, false)).collect()
    }

    /// Hands the exposure to the observer, if there is one that was not told yet.
    fn tell(&self, entry: &Entry, late: bool) -> bool {
        let Some(at) = entry.reading.tell() else {
            return false;
        };
        if let Some(exposure) = self.exposure(entry, at, late) {
            let observe = || self.settings.observer.observe(&exposure);
            if catch_unwind(AssertUnwindSafe(observe)).is_err() {
                self.settings.warnings.observer_panicked();
            }
        }
        true
    }

    fn exposure(&self, entry: &Entry, at: SystemTime, late: bool) -> Option<Exposure> {
        let unit = self.settings.groups[entry.group].unit?;
        let found = self.keys.get(unit)?.as_ref()?;
        let (outcome, duration) = *self.ending.get()?;
        let exposure = Exposure::new(self.choice(entry), found.key.clone(), at)?;
        let exposure = exposure.ended(outcome, duration, late).of_run(entry.run_id);
        Some(match found.origin {
            Origin::Given => exposure,
            Origin::Issued => exposure.new_visitor(),
            Origin::Random => exposure.ephemeral(),
        })
    }
}
