//! One request under one layer: the keys, the choices, and what its response and its end need of them.
//!
//! All fields are set when the request begins. What changes later is atomic: the readings in the
//! entries, and the ending.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use http::{HeaderValue, Method, request::Parts};

use crate::{
    assign::{Choice, DEFAULT_UNIT, Key, Reason},
    event::{Alias, Exposure, Observe, Outcome},
    unit::Subject,
};

#[cfg(feature = "units")]
use crate::unit::Unit;

#[cfg(feature = "ofrep")]
use super::told::ToldKeys;
use super::{
    assign::Entry,
    clock::Started,
    ending::Ending,
    few::Few,
    page_load::{Fragment, PageLoad},
};
#[cfg(feature = "overrides")]
use crate::middleware::overrides::ForcedTracks;
#[cfg(feature = "propagation")]
use crate::middleware::propagation::Accepted;
use crate::middleware::{
    group::Member,
    key::{KeySources, Origin, RequestKey, VisitorCookie, loopback},
    response::{Dependence, Parameters},
    screening::Treatment,
    settings::Settings,
};

/// One request under one layer.
pub(crate) struct Request {
    pub(crate) settings: Arc<Settings>,
    /// The keys, by the indices of the units in the settings.
    pub(super) keys: Few<Option<RequestKey>>,
    /// The choices, by the indices of the groups in the settings.
    pub(crate) entries: Few<Entry>,
    /// What the service before passed to this one. It is boxed, because the requests of clients have none.
    #[cfg(feature = "propagation")]
    pub(crate) accepted: Option<Box<Accepted>>,
    /// The result of screening.
    pub(super) treatment: Treatment,
    /// Whether the request gets no cookie and reports no exposure: it is excluded, ephemeral, or a
    /// `HEAD` or `OPTIONS`.
    pub(crate) is_silent: bool,
    /// Whether it is a `HEAD` or `OPTIONS`, which keeps no tokens.
    #[cfg(feature = "overrides")]
    pub(crate) is_head: bool,
    /// Whether a new visitor reached the server by a loopback address. It is known only of new
    /// visitors.
    pub(crate) is_loopback: bool,
    /// What a new visitor loads; of others it is known only where documents issue the cookie.
    load: PageLoad,
    /// The beginning; `None` without an observer, because nothing else needs the duration.
    started: Option<Started>,
    /// The tracks that tokens force. It is boxed, because nearly all requests have none.
    #[cfg(feature = "overrides")]
    pub(crate) forced: Option<Box<ForcedTracks>>,
    /// Whether it asks for a track on behalf of another program, so that its duration says nothing of the track.
    #[cfg(feature = "ofrep")]
    is_remote: bool,
    /// The end, for readings that come after it.
    ending: Ending,
    /// The same request under the layer around this one, if layers are nested.
    pub(crate) outer: Option<Arc<Request>>,
}

impl Request {
    /// Finds the keys of a request and chooses for it, once.
    #[inline]
    pub(crate) fn new(settings: &Arc<Settings>, parts: &Parts, outer: Option<Arc<Self>>) -> Self {
        let screen = |known| settings.screening.treat(parts, known, &settings.warnings);
        let keys = |treatment, outer: Option<&_>| find_keys(settings, parts, treatment, outer);
        Self::of(settings, parts, outer, screen, keys)
    }

    /// Chooses for a request that another program makes for a visitor, whose keys it tells.
    #[cfg(feature = "ofrep")]
    pub(crate) fn told(settings: &Arc<Settings>, parts: &Parts, told: &ToldKeys) -> Self {
        let screen = |known| settings.screening.treat_told(parts, known);
        let keys = |treatment, _: Option<&_>| told.keys(settings, treatment);
        let request = Self::of(settings, parts, None, screen, keys);
        Self {
            is_remote: true,
            ..request
        }
    }

    /// Screens a request, finds its keys and chooses. What the service before has passed takes precedence over both.
    #[inline]
    fn of(
        settings: &Arc<Settings>,
        parts: &Parts,
        outer: Option<Arc<Self>>,
        screen: impl FnOnce(Option<Treatment>) -> Treatment,
        find: impl FnOnce(Treatment, Option<&Arc<Self>>) -> Few<Option<RequestKey>>,
    ) -> Self {
        settings.screening.counts.add_request();
        #[cfg(feature = "propagation")]
        let accepted = settings.accepted(parts);
        #[cfg(feature = "propagation")]
        let known = accepted.as_ref().map(|accepted| accepted.treatment());
        #[cfg(not(feature = "propagation"))]
        let known = None;
        let treatment = screen(known);
        #[cfg_attr(not(feature = "propagation"), expect(unused_mut))]
        let mut keys = find(treatment, outer.as_ref());
        #[cfg(feature = "propagation")]
        if let Some(accepted) = &accepted {
            accepted.replace_keys(settings, &mut keys);
        }
        let is_head = matches!(parts.method, Method::HEAD | Method::OPTIONS);
        let is_new = keys.iter().flatten().any(RequestKey::is_issued);
        #[cfg(feature = "overrides")]
        let forced = settings.forced(parts, treatment, &keys);
        let mut entries = settings.assign(&keys, treatment, parts);
        #[cfg(feature = "propagation")]
        if let Some(accepted) = &accepted {
            accepted.apply(settings, &mut entries);
        }
        #[cfg(feature = "overrides")]
        if let Some(forced) = &forced {
            forced.apply(&mut entries);
        }
        settings.hold_out(&mut entries, &keys);
        Self {
            entries,
            #[cfg(feature = "overrides")]
            forced,
            keys,
            #[cfg(feature = "propagation")]
            accepted,
            treatment,
            is_silent: treatment != Treatment::Counted || is_head,
            #[cfg(feature = "overrides")]
            is_head,
            is_loopback: is_new && loopback::is_addressed_by(parts),
            load: match is_new || settings.documents {
                true => PageLoad::of(parts),
                false => PageLoad::Other,
            },
            started: settings.observer.is_some().then(|| settings.clock.start()),
            settings: Arc::clone(settings),
            #[cfg(feature = "ofrep")]
            is_remote: false,
            ending: Ending::default(),
            outer,
        }
    }

    /// Returns this layer's request, and those of the layers around it.
    pub(crate) fn layers(self: &Arc<Self>) -> impl Iterator<Item = &Arc<Self>> {
        layers_from(Some(self))
    }

    /// Returns the choice of a group, without an exposure.
    #[inline]
    pub(crate) fn choice(&self, entry: &Entry) -> Choice<'_> {
        Choice::new(self.settings.groups[entry.group].sets(), entry.pick)
    }

    /// Returns whether the chosen set carries a `T`.
    pub(crate) fn carries<T: 'static>(&self, entry: &Entry) -> bool {
        let set = self.choice(entry).definition();
        set.is_some_and(|set| set.carries::<T>())
    }

    /// Returns the key of a new visitor, if there is one.
    pub(crate) fn issued(&self) -> Option<&Key<'static>> {
        let key = self.keys.iter().flatten().find(|key| key.is_issued())?;
        Some(&key.key)
    }

    /// Returns the cookies to issue, with their keys: those of new visitors, and unsigned or formerly
    /// signed ones. The response must depend on the key.
    #[inline]
    pub(crate) fn issuances(&self) -> impl Iterator<Item = (&VisitorCookie, &RequestKey)> {
        let units = self.settings.keys.units.iter().zip(self.keys.iter());
        units.enumerate().filter_map(|(index, (unit, key))| {
            let key = key
                .as_ref()
                .filter(|key| key.is_issued() || key.is_former)?;
            let mut decisive = self.looked_at().filter(|entry| self.is_by_key(entry));
            let is_ours = decisive.any(|entry| self.unit(entry) == Some(index));
            let cookie = unit.sources.visitor_cookie().filter(|_| is_ours)?;
            Some((cookie, key))
        })
    }

    /// Returns the value of a visitor cookie that issues a key.
    pub(crate) fn cookie_value(&self, cookie: &VisitorCookie, key: &Key<'_>) -> Option<String> {
        let outer = settings_from(self.outer.as_ref());
        self.settings.visitor_value(cookie, outer, key)
    }

    /// Returns whether the key decided the choice, or decides it once a pause is over: not where
    /// nothing could be chosen, where the choice is pinned, nor where all its sets are paused.
    fn is_by_key(&self, entry: &Entry) -> bool {
        match entry.pick.reason {
            _ if entry.is_upstream() => false,
            Reason::Pinned => false,
            Reason::Shipped => self.is_held_by_key(entry),
            Reason::Paused => !self.member(entry).is_paused(),
            _ => entry.pick.set.is_some(),
        }
    }

    /// Returns the choices on which depends what was sent. A document that issues the cookie is
    /// taken to depend on all choices that its fragments may read.
    #[inline]
    pub(crate) fn looked_at(&self) -> impl Iterator<Item = &Entry> {
        let is_document = self.load == PageLoad::Document;
        let by_document =
            move |entry: &Entry| is_document && self.settings.groups[entry.group].by_document;
        // A shipped track that everybody gets is no choice, so the response does not depend on it.
        let is_fixed = |entry: &Entry| {
            self.is_for_all(entry) && !self.member(entry).sets().look_at_a_context()
        };
        let entries = self.entries.iter().filter(move |entry| !is_fixed(entry));
        entries.filter(move |entry| entry.reading.was_looked_at() || by_document(entry))
    }

    /// Returns the fragment of a document that is loaded, if it is one.
    pub(crate) fn fragment(&self) -> Option<Fragment> {
        match self.load {
            PageLoad::Fragment(fragment) => Some(fragment),
            PageLoad::Document | PageLoad::Other => None,
        }
    }

    /// Returns what the choices depend on that were looked at, each with the sources of its key.
    #[inline]
    pub(crate) fn dependences(&self) -> impl Iterator<Item = (Dependence, Option<&KeySources>)> {
        self.looked_at().map(|entry| {
            let unit = self.unit(entry).filter(|_| !self.is_for_all(entry));
            let unit = unit.and_then(|unit| self.settings.keys.units.get(unit));
            (self.dependence(entry), unit.map(|unit| &unit.sources))
        })
    }

    /// Returns what a choice depends on, for the caching headers.
    #[inline]
    fn dependence(&self, entry: &Entry) -> Dependence {
        let by_closure = self.member(entry).by_closure || self.settings.treats_by_closure();
        Dependence {
            reason: match entry.pick.reason {
                // Of a key that is not held out, as one that is.
                Reason::Shipped if self.is_held_by_key(entry) => Reason::HeldOut,
                reason => reason,
            },
            origin: self.key(entry).map(|key| key.origin),
            // Of a shipped track, only one that the context decides is here.
            by_closure: by_closure || self.is_for_all(entry),
            is_ephemeral: self.treatment == Treatment::Ephemeral && !self.is_for_all(entry),
            consent: self.settings.screening.consent.header(),
        }
    }

    /// Returns whether the track was shipped to all, so that the key decided nothing.
    fn is_for_all(&self, entry: &Entry) -> bool {
        entry.is_shipped() && !entry.is_upstream() && !self.is_held_by_key(entry)
    }

    /// Returns whether a holdout decides about the group.
    fn is_held_by_key(&self, entry: &Entry) -> bool {
        self.settings.is_held(entry.group)
    }

    #[inline]
    fn member(&self, entry: &Entry) -> &Member {
        &self.settings.groups[entry.group]
    }

    /// Returns the index of the unit of the group; `None` if no source has its keys.
    #[inline]
    fn unit(&self, entry: &Entry) -> Option<usize> {
        self.member(entry).unit
    }

    /// Returns the key of the choice's unit. Where another service made the choice and passed no key of the unit, none
    /// of this service belongs to the choice.
    #[inline]
    pub(super) fn key(&self, entry: &Entry) -> Option<&RequestKey> {
        #[cfg(feature = "propagation")]
        if let Some(accepted) = &self.accepted
            && entry.is_upstream()
            && !accepted.has_key(self.member(entry).unit_name())
        {
            return None;
        }
        self.keys.get(self.unit(entry)?)?.as_ref()
    }

    /// Notes that the handler reads the track. This is the exposure.
    #[inline]
    pub(crate) fn read(&self, entry: &Entry) {
        self.read_itself(entry);
        self.read_holdouts(entry);
    }

    /// Notes the exposures to the holdouts that decided whether a key could take part.
    #[inline]
    pub(crate) fn read_holdouts(&self, entry: &Entry) {
        self.holdouts_read_with(entry)
            .for_each(|holdout| self.read_itself(holdout));
    }

    /// Returns the holdouts to which a reading of a choice is an exposure, too.
    #[inline]
    fn holdouts_read_with<'a>(&'a self, entry: &'a Entry) -> impl Iterator<Item = &'a Entry> {
        let is_decided = entry.pick.set.is_some() && entry.pick.can_be_held_out();
        let holdouts = self.settings.holdouts_over(entry.group);
        let holdouts = holdouts.filter_map(|holdout| self.entries.get(holdout));
        // A holdout of this layer has decided nothing about the choice of another service.
        holdouts.filter(move |one| is_decided && (!entry.is_upstream() || one.is_upstream()))
    }

    #[inline]
    fn read_itself(&self, entry: &Entry) {
        entry.reading.look();
        // Also for a request that is not counted: it shows as well that a handler reads the set.
        if let Some(set) = entry.pick.set {
            self.settings.groups[entry.group].read.raise(set);
        }
        let is_counted = !self.is_silent && !entry.is_shipped() && !entry.is_settled();
        if !is_counted || entry.pick.track.is_none() {
            return;
        }
        match &self.settings.observer {
            None => entry.reading.note(),
            Some(observer) => {
                if entry.reading.read(|| self.settings.clock.now()) {
                    self.tell(observer, entry, true);
                }
            }
        }
    }

    /// Ends the request, and reports all exposures. Without an observer, it is never checked whether it
    /// has ended.
    #[inline]
    pub(crate) fn end(&self, outcome: Outcome) {
        let Some(observer) = &self.settings.observer else {
            return;
        };
        // Before the readings end: from then on, a late reader on another thread reports by itself, and
        // needs the outcome.
        self.ending.end(outcome, self.elapsed());
        for entry in self.entries.iter().filter(|entry| entry.reading.end()) {
            self.tell(observer, entry, false);
        }
        let alias = |alias| self.settings.guarded(|| observer.alias(&alias));
        self.aliases().for_each(alias);
    }

    /// Returns the members of the exposure header: those of tracks that were read before the head.
    #[inline]
    pub(crate) fn members(&self) -> impl Iterator<Item = (&HeaderValue, Parameters)> {
        let entries = self.entries.iter();
        let read = entries.filter(|entry| entry.reading.was_in_time());
        read.filter_map(|entry| {
            let members = &self.settings.groups[entry.group].members;
            let member = members.get(entry.pick.set?, entry.pick.track?)?;
            Some((member, self.parameters(entry)))
        })
    }

    /// Returns the parameters of a member that belong to this request.
    fn parameters(&self, entry: &Entry) -> Parameters {
        Parameters {
            run_id: entry.run_id,
            #[cfg(feature = "units")]
            unit: self.pseudonym(entry),
            forced: entry.pick.reason.is_forced(),
        }
    }

    /// Returns the unit, if the header has units.
    #[cfg(feature = "units")]
    fn pseudonym(&self, entry: &Entry) -> Option<Unit> {
        let units = self.settings.pseudonyms.as_ref()?;
        let found = self.key(entry)?;
        let kind = &self.settings.keys.units.get(self.unit(entry)?)?.name;
        let is_kept = found.origin != Origin::Random && entry.pick.reason != Reason::Pinned;
        is_kept.then(|| units.unit(kind, &found.key))
    }

    /// Returns whether an override or a pin put the request into one of its tracks.
    pub(crate) fn is_forced(&self) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| entry.pick.reason.is_forced())
    }

    /// Returns the subjects of a conversion in this request: the lasting keys; none if
    /// the request is not counted.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = Subject> {
        let units = self.settings.keys.units.iter().zip(self.keys.iter());
        let kept = units.filter_map(move |(unit, key)| {
            let key = key.as_ref().filter(|key| key.origin != Origin::Random)?;
            Some(Subject::of_key(&*unit.name, &key.key))
        });
        kept.filter(|_| !self.is_silent)
    }

    /// Returns the aliases of the visitor, as of the beginning of the request: conversions of the
    /// handler came later. The service that found the key of a visitor reports them, because it knows whether
    /// the visitor is new.
    fn aliases(&self) -> impl Iterator<Item = Alias> {
        #[cfg(feature = "propagation")]
        let is_passed = self
            .accepted
            .as_ref()
            .is_some_and(|one| one.has_key(DEFAULT_UNIT));
        #[cfg(not(feature = "propagation"))]
        let is_passed = false;
        let is_reported = !self.is_silent && !is_passed;
        let given = move |key: &&RequestKey| is_reported && key.origin == Origin::Given;
        let units = self.settings.keys.units.iter().zip(self.keys.iter());
        let mut known =
            units.filter_map(move |(unit, key)| Some((unit, key.as_ref().filter(given)?)));
        // The visitor is the first of the units; without one there is no alias.
        let visitor = known.next().filter(|(unit, _)| *unit.name == *DEFAULT_UNIT);
        known.filter_map(move |(unit, found)| {
            let (_, visitor) = visitor?;
            let (visitor, key) = (Key::from(&visitor.key), Key::from(&found.key));
            Some(Alias::new(visitor, &unit.name, key, self.began()))
        })
    }

    /// Returns the beginning of the request, or a moment before it, by a monotonic clock.
    fn began(&self) -> SystemTime {
        // The elapsed time is read last, so that the time in between is subtracted as well.
        let now = self.settings.clock.now();
        now.checked_sub(self.elapsed()).unwrap_or(now)
    }

    /// Returns the time since the beginning; 0 without an observer.
    fn elapsed(&self) -> Duration {
        let since = |started| self.settings.clock.since(started);
        self.started.as_ref().map(since).unwrap_or_default()
    }

    /// Reports the exposure to the observer, unless the track was forced.
    fn tell(&self, observer: &Arc<dyn Observe>, entry: &Entry, late: bool) {
        if self.is_let_in_by_force(entry) {
            return;
        }
        if let Some(exposure) = self.exposure(entry, late) {
            self.settings.guarded(|| observer.observe(&exposure));
        }
    }

    #[cfg(feature = "ofrep")]
    fn is_remote(&self) -> bool {
        self.is_remote
    }

    #[cfg(not(feature = "ofrep"))]
    fn is_remote(&self) -> bool {
        false
    }

    /// Returns the choices that a reading of this one counts, with it those of holdouts.
    #[cfg(feature = "ofrep")]
    pub(crate) fn counted<'a>(&'a self, entry: &'a Entry) -> impl Iterator<Item = &'a Entry> {
        let read = std::iter::once(entry).chain(self.holdouts_read_with(entry));
        read.filter(|entry| {
            let key = self.key(entry);
            let is_kept = key.is_some_and(|key| key.origin != Origin::Random);
            let is_drawn = entry.pick.reason == Reason::Bucketed && entry.pick.track.is_some();
            !self.is_silent
                && is_kept
                && is_drawn
                && !entry.is_settled()
                && !self.is_let_in_by_force(entry)
        })
    }

    /// Returns whether the choice is by a key for this request alone.
    #[cfg(feature = "ofrep")]
    pub(crate) fn is_by_random_key(&self, entry: &Entry) -> bool {
        let is_random = |key: &RequestKey| key.origin == Origin::Random;
        self.key(entry).is_some_and(is_random) && entry.pick.reason == Reason::Bucketed
    }

    /// Returns the kind and the key of a choice.
    #[cfg(feature = "ofrep")]
    pub(crate) fn keyed(&self, entry: &Entry) -> Option<(&str, &Key<'static>)> {
        let found = self.key(entry)?;
        Some((self.member(entry).unit_name(), &found.key))
    }

    /// Returns whether the track was forced, or a holdout over it: a key that was let in by force would be counted with
    /// those that were assigned.
    pub(super) fn is_let_in_by_force(&self, entry: &Entry) -> bool {
        let is_forced = |group: usize| {
            let entry = self.entries.get(group);
            entry.is_some_and(|entry| entry.pick.reason.is_forced())
        };
        let mut holdouts = self.settings.holdouts_over(entry.group);
        is_forced(entry.group) || holdouts.any(is_forced)
    }

    /// Returns the exposure with its outcome; `None` before the end, or without a track.
    ///
    /// The key depends on its origin: a key of the request, the key of a new visitor, or none.
    fn exposure(&self, entry: &Entry, late: bool) -> Option<Exposure> {
        let found = self.key(entry);
        let (outcome, duration) = self.ending.get()?;
        let key = found.map(|found| found.key.clone());
        let exposure = Exposure::to(self.choice(entry), key, entry.reading.at())?;
        let exposure = match self.is_remote() {
            true => exposure,
            false => exposure.ended(outcome, duration, late),
        };
        let exposure = exposure.of_run(entry.run_id);
        Some(match found.map(|found| found.origin) {
            Some(Origin::Given) => exposure,
            Some(Origin::Issued) => exposure.new_visitor(),
            // Only a test puts a request without a key into a track.
            Some(Origin::Random) | None => exposure.ephemeral(),
        })
    }
}

/// Returns a layer's request, and those of the layers around it.
fn layers_from(inner: Option<&Arc<Request>>) -> impl Iterator<Item = &Arc<Request>> {
    std::iter::successors(inner, |inner| inner.outer.as_ref())
}

/// Returns the settings of a layer, and of the layers around it. They are walked whenever a cookie is
/// read, since a list of them would be an allocation in each request.
fn settings_from(inner: Option<&Arc<Request>>) -> impl Iterator<Item = &Settings> {
    layers_from(inner).map(|layer| &*layer.settings)
}

/// Returns the keys of a request. A new visitor of a layer around it is the same visitor.
#[inline]
fn find_keys(
    settings: &Settings,
    parts: &Parts,
    treatment: Treatment,
    outer: Option<&Arc<Request>>,
) -> Few<Option<RequestKey>> {
    let known = layers_from(outer).find_map(|layer| layer.issued());
    let visitor = |cookie: &VisitorCookie| {
        settings.find_visitor(cookie, settings_from(outer), &parts.headers)
    };
    settings.keys.find(parts, treatment, visitor, known)
}
