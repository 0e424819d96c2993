use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::{Duration, Instant, SystemTime},
};

use http::{HeaderValue, Method, request::Parts};

use crate::{
    assign::{Choice, Key, Pick, RunId},
    event::{Exposure, Outcome},
};

use super::{
    Assignment, VisitorCookie,
    key_source::{Origin, RequestKey},
    loopback,
    reading::Reading,
    settings::Settings,
};

/// What was chosen for a request, by all groups of its layers.
///
/// The layer puts it into the request's extensions, where services find it that are not of
/// axum; in axum it is an extractor. Cloning it is cheap. Having it is no exposure; reading a
/// track from one of its [`Assignment`]s is.
///
/// Where layers are nested, the groups of the inner one come first.
#[derive(Clone)]
pub struct Assignments(pub(super) Arc<Request>);

/// One request under one layer.
pub(super) struct Request {
    pub(super) settings: Arc<Settings>,
    first: Entry,
    rest: Box<[Entry]>,
    /// Neither cookie nor exposure comes of this request.
    silent: bool,
    started: Instant,
    /// Set once, before `ended` is true.
    ending: OnceLock<(Outcome, Duration)>,
    ended: AtomicBool,
    is_loopback: bool,
    outer: Option<Assignments>,
}

/// The choice of one group.
pub(super) struct Entry {
    pub(super) group: usize,
    pub(super) key: Option<RequestKey>,
    pub(super) pick: Pick,
    pub(super) run_id: Option<RunId>,
    reading: Reading,
}

impl Assignments {
    /// Returns the assignment of each group, those of an inner layer first.
    pub fn iter(&self) -> impl Iterator<Item = Assignment> {
        self.layers().flat_map(|layer| {
            let indices = 0..=layer.0.rest.len();
            indices.map(move |index| Assignment::new(layer.clone(), index))
        })
    }

    /// Returns the assignment of the group of this name; a set that is alone in its group
    /// gives it its name.
    pub fn get(&self, group: &str) -> Option<Assignment> {
        self.iter().find(|assignment| assignment.group() == group)
    }

    /// Runs the chosen track of every group that has one for an `X`.
    ///
    /// It reads those, so that each is an exposure. See [`Assignment::run`].
    pub fn run<X: 'static>(&self, argument: &mut X) {
        self.iter().for_each(|assignment| assignment.run(argument));
    }

    /// Returns this layer's assignments, and those of the layers around it.
    pub(crate) fn layers(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |inner| inner.0.outer.as_ref())
    }

    /// Assigns a request; `None` when this very layer already did.
    pub(super) fn begin(settings: &Arc<Settings>, parts: &mut Parts) -> Option<Self> {
        let outer = parts.extensions.get::<Self>().cloned();
        let is_same = |layer: &Self| Arc::ptr_eq(&layer.0.settings, settings);
        if outer
            .as_ref()
            .is_some_and(|outer| outer.layers().any(is_same))
        {
            return None;
        }
        let (first, rest) = settings.assign(parts);
        let is_loopback = first.issued().is_some() && loopback::is_addressed_by(parts);
        let assignments = Self(Arc::new(Request {
            settings: Arc::clone(settings),
            first,
            rest,
            silent: matches!(parts.method, Method::HEAD | Method::OPTIONS),
            started: Instant::now(),
            ending: OnceLock::new(),
            ended: AtomicBool::new(false),
            is_loopback,
            outer,
        }));
        parts.extensions.insert(assignments.clone());
        Some(assignments)
    }
}

impl Request {
    pub(super) fn entry(&self, index: usize) -> &Entry {
        match index.checked_sub(1).and_then(|index| self.rest.get(index)) {
            Some(entry) => entry,
            None => &self.first,
        }
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    pub(super) fn choice(&self, entry: &Entry) -> Choice<'_> {
        Choice::new(self.settings.groups[entry.group].sets(), entry.pick)
    }

    /// Returns the member of the exposure header for what was read.
    pub(super) fn member(&self, entry: &Entry) -> Option<&HeaderValue> {
        let members = &self.settings.groups[entry.group].members;
        members.get(entry.pick.set?, entry.pick.track?)
    }

    /// Returns the key that a new visitor must learn, since what was sent depends on it.
    pub(super) fn new_visitor<'a>(
        &'a self,
        entry: &'a Entry,
    ) -> Option<(&'a VisitorCookie, &'a Key<'static>)> {
        let key = entry.issued().filter(|_| entry.reading.was_looked_at())?;
        let cookie = self.settings.sources(entry.group)?.visitor_cookie()?;
        Some((cookie, key))
    }

    /// Whether a new visitor reached the server by a loopback address.
    pub(super) fn is_loopback(&self) -> bool {
        self.is_loopback
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
        self.ending
            .get_or_init(|| (outcome, self.started.elapsed()));
        self.ended.store(true, SeqCst);
        self.entries()
            .filter(|entry| self.tell(entry, false))
            .collect()
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
        let RequestKey { key, origin } = entry.key.clone()?;
        let (outcome, duration) = *self.ending.get()?;
        let mut exposure =
            Exposure::new(self.choice(entry), key, at)?.ended(outcome, duration, late);
        if origin == Origin::Random {
            exposure = exposure.ephemeral();
        }
        Some(match entry.run_id {
            Some(run_id) => exposure.run(run_id),
            None => exposure,
        })
    }
}

impl Entry {
    pub(super) fn new(
        group: usize,
        key: Option<RequestKey>,
        pick: Pick,
        run_id: Option<RunId>,
    ) -> Self {
        Self {
            group,
            key,
            pick,
            run_id,
            reading: Reading::default(),
        }
    }

    /// Returns the key, if it is a new visitor's.
    pub(super) fn issued(&self) -> Option<&Key<'static>> {
        let found = self.key.as_ref()?;
        (found.origin == Origin::Issued).then_some(&found.key)
    }
}

impl fmt::Debug for Assignments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let choices = self.layers().flat_map(|layer| {
            let request = &layer.0;
            request.entries().map(|entry| request.choice(entry))
        });
        f.debug_list().entries(choices).finish()
    }
}
