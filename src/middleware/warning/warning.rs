//! The warnings of a layer about its set-up, each logged once.

use std::{
    any::TypeId,
    collections::{BTreeSet, HashSet},
    fmt::{Arguments, Display},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::SystemTime,
};

use crate::{assign::SET_RULE, warn::warn};

use super::bursts::Bursts;
use crate::middleware::{group::TRACKS_OFF, request::Fragment, response::Conflict};

/// The warnings that were logged. A warning is logged once per layer and not per request, because a
/// mistake of the set-up is in all requests.
#[derive(Debug, Default)]
pub(crate) struct Warnings {
    loopback: Logged,
    observer: Logged,
    off: Logged,
    without_key: Logged,
    invalid_unit: Logged,
    without_agent: Logged,
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    unsigned: Logged,
    public: Logged,
    overruled: Logged,
    twice: Logged,
    fragments: Logged,
    bursts: Bursts,
    unknown: Logged,
    unobserved: Logged,
    #[cfg(feature = "propagation")]
    unpropagated: Logged,
    #[cfg(feature = "propagation")]
    unknown_propagated: Logged,
    #[cfg(feature = "propagation")]
    long_propagation: Logged,
    #[cfg(feature = "axum")]
    late: Logged,
    trackless: Logged,
    /// The types that handlers read and no set carries. Each type is a mistake of its own.
    uncarried: Mutex<HashSet<TypeId>>,
}

/// Whether a warning was logged.
#[derive(Debug, Default)]
pub(crate) struct Logged(AtomicBool);

impl Logged {
    /// Logs a message, if none was logged before.
    fn warn(&self, message: Arguments<'_>) {
        if self.is_first() {
            warn(message);
        }
    }

    /// Logs a message about each of these, if none was logged before.
    fn warn_of_each<'a>(
        &self,
        names: impl Iterator<Item = &'a str>,
        message: impl Fn(&str) -> String,
    ) {
        if self.is_first() {
            names.for_each(|name| warn(format_args!("{}", message(name))));
        }
    }

    /// Returns whether the warning was not logged before, and notes that it is.
    fn is_first(&self) -> bool {
        // Not `std::sync::Once`: it would hold up other requests while one of them logs. The load comes
        // first, since the condition of a warning may hold in every request, and a swap would take the
        // cache line from the other cores each time.
        !self.0.load(Relaxed) && !self.0.swap(true, Relaxed)
    }
}

impl Warnings {
    /// Warns of a `Secure` cookie for a host of this machine, which browsers reach without TLS.
    pub(crate) fn secure_cookie_over_loopback(&self, cookie: &str) {
        self.loopback.warn(format_args!(
            "browsers do not keep the `Secure` cookie {cookie} over HTTP, so the visitor is new in \
             each request; on your own machine, use `.key(VisitorCookie::plain())`"
        ));
    }

    /// Warns of a request that is treated as a bot's because it has no user agent.
    pub(crate) fn without_agent(&self) {
        self.without_agent.warn(format_args!(
            "a request has no `User-Agent` header, so it counts as a bot and is in no test; send the \
             header, or use `.exclude(Exclusion::default().without_agent(false))`"
        ));
    }

    /// Warns of a visitor cookie that is not signed, as before the layer signed them.
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    pub(crate) fn unsigned_cookie(&self) {
        self.unsigned.warn(format_args!(
            "an unsigned visitor cookie was refused, so its visitor is new; accept unsigned cookies \
             for a while with `.take_over_until(time)`, or turn signing off with \
             `.sign(CookieSigning::off())`"
        ));
    }

    /// Warns of an observer that panicked.
    pub(crate) fn observer_panicked(&self) {
        self.observer.warn(format_args!(
            "an observer panicked, so its event is lost; an observer must not panic"
        ));
    }

    /// Warns of names in `TRACKS_OFF` that the layer does not have.
    pub(crate) fn unknown_off<'a>(&self, unknown: impl Iterator<Item = &'a str>) {
        self.off.warn_of_each(unknown, |set| {
            format!(
                "{TRACKS_OFF} contains {set:?}, but this layer has no set of that name; check the name, \
                 unless another layer has the set"
            )
        });
    }

    /// Warns of sets that declare a unit without a source of keys.
    pub(crate) fn units_without_key<'a>(&self, units: impl Iterator<Item = &'a str>) {
        self.without_key.warn_of_each(units, |unit| {
            format!(
                "the layer has no source of keys for the unit {unit:?}, so no request is in a track of \
                 its sets; add one with `.key_of({unit:?}, …)`"
            )
        });
    }

    /// Warns of sources of keys for a unit whose name is invalid.
    pub(crate) fn invalid_units<'a>(&self, units: impl Iterator<Item = &'a str>) {
        self.invalid_unit.warn_of_each(units, |unit| {
            format!(
                "the unit name {unit:?} is invalid, so the layer reads no keys for it; a unit's name is \
                 {SET_RULE}"
            )
        });
    }

    /// Warns of a handler that read a track and lets shared caches store the response.
    pub(crate) fn public_response(&self, conflict: Conflict) {
        let (logged, what) = match conflict {
            Conflict::Left => (
                &self.public,
                "the layer kept its headers, and such a cache may",
            ),
            Conflict::Overruled => (
                &self.overruled,
                "the layer made it private, because such a cache may",
            ),
        };
        logged.warn(format_args!(
            "a response that depends on a track is `public`, or has `s-maxage` or another field with \
             which shared caches store it, such as `X-Accel-Expires`; {what} send the track or the \
             cookie of one visitor to others; set `Cache-Control: private` in the handler"
        ));
    }

    /// Warns of several fragments of one document that each got a new visitor's cookie.
    pub(crate) fn new_visitor_by(&self, fragment: Fragment, now: SystemTime) {
        // Without this load, every new visitor would take the lock of the bursts, even long after the
        // warning was logged.
        let is_logged = self.fragments.0.load(Relaxed);
        if !is_logged && self.bursts.add(fragment, now) {
            self.fragments.warn(format_args!(
                "one page fetched several fragments at once, and each got a new visitor cookie, so one \
                 visitor counts as several and may see different tracks; issue the cookie with the \
                 page: `VisitorCookie::documents(true)`"
            ));
        }
    }

    /// Warns of sets that are in two layers of one request.
    pub(crate) fn held_twice<'a>(&self, sets: impl Iterator<Item = &'a str>) {
        self.twice.warn_of_each(sets, |set| {
            format!(
                "the set {set:?} is in two nested layers, and both report its exposures; remove it from \
                 one of them"
            )
        });
    }

    /// Warns of a handler that reads a group that no layer around it has.
    pub(crate) fn unknown_group(&self, name: &str, groups: impl Iterator<Item = String>) {
        if self.unknown.is_first() {
            let groups = listed(groups);
            warn(format_args!(
                "a handler reads the group {name:?}, but no layer around it has that group, so there is \
                 no assignment; the groups are {groups}"
            ));
        }
    }

    /// Warns of a handler that passes choices on, if no layer around it has a secret for it.
    #[cfg(feature = "propagation")]
    pub(crate) fn unpropagated(&self) {
        self.unpropagated.warn(format_args!(
            "a handler passes choices to another service, but no layer around it has a secret for that, so the \
             other service assigns by itself; add one with `.propagate(Propagation::new(secret)?)`"
        ));
    }

    /// Warns of a handler that passes a set on that no layer around it has.
    #[cfg(feature = "propagation")]
    pub(crate) fn unknown_propagated(&self, name: &str, sets: impl Iterator<Item = String>) {
        if self.unknown_propagated.is_first() {
            let sets = listed(sets);
            warn(format_args!(
                "a handler passes the set {name:?} to another service, but no layer around it has that set, so \
                 it is left out; the sets are {sets}"
            ));
        }
    }

    /// Warns of keys and choices that are too long for a header.
    #[cfg(feature = "propagation")]
    pub(crate) fn long_propagation(&self, length: usize) {
        self.long_propagation.warn(format_args!(
            "the keys and choices for another service need a header of {length} bytes, but it accepts 8192, so \
             none is passed; pass fewer sets"
        ));
    }

    /// Warns of a conversion that no layer around the handler observes.
    pub(crate) fn unobserved_goal(&self, goal: &str) {
        self.unobserved.warn(format_args!(
            "the goal {goal:?} was reached, but the layer has no observer, so the conversion is not \
             recorded; add one with `.observe(recorder)`"
        ));
    }

    /// Warns of an extension with a key that a handler has and the layer did not have.
    #[cfg(feature = "axum")]
    pub(crate) fn late_key(&self, unit: &str, extension: &str) {
        self.late.warn(format_args!(
            "the key of the unit {unit:?} is in the extension `{extension}`, which is added after \
             TracksLayer ran, so the key is never found; put the layer that adds it outside TracksLayer: \
             in axum, add it with a later `.layer(…)`"
        ));
    }

    /// Warns of sets that have no track except control.
    pub(crate) fn control_alone<'a>(&self, sets: impl Iterator<Item = &'a str>) {
        self.trackless.warn_of_each(sets, |set| {
            format!(
                "the set {set:?} has no track besides control, so it compares nothing; add a track"
            )
        });
    }

    /// Warns of a handler that reads a type that no set of the layer carries.
    pub(crate) fn uncarried<T: 'static>(&self, carried: impl Iterator<Item = &'static str>) {
        let types = self.uncarried.lock();
        let mut types = types.unwrap_or_else(PoisonError::into_inner);
        if types.insert(TypeId::of::<T>()) {
            let name = std::any::type_name::<T>();
            let carried = listed(carried);
            warn(format_args!(
                "no set carries a `{name}`, so a handler that reads one gets none; the sets carry {carried}"
            ));
        }
    }
}

/// Warns of a clock of the application that panicked.
pub(crate) fn clock_panicked(logged: &Logged) {
    logged.warn(format_args!(
        "the clock panicked, so the wall clock is used in its place; a clock must not panic"
    ));
}

/// Returns each name once, in backticks.
fn listed(names: impl Iterator<Item = impl Display>) -> String {
    let names: BTreeSet<String> = names.map(|name| format!("`{name}`")).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}
