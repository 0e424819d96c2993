//! The warnings of a layer about its set-up, each logged once.

use std::{
    any::TypeId,
    collections::{BTreeSet, HashSet},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use crate::{assign::SET_RULE, warn::warn};

use super::bursts::Bursts;
use crate::middleware::{group::TRACKS_OFF, request::Fragment, response::Conflict};

/// The warnings that were logged, one flag for each. A warning is logged once per layer and not per
/// request, because a mistake of the set-up is in all requests.
#[derive(Debug, Default)]
pub(crate) struct Warnings {
    loopback: AtomicBool,
    observer: AtomicBool,
    off: AtomicBool,
    without_key: AtomicBool,
    invalid_unit: AtomicBool,
    without_agent: AtomicBool,
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    unsigned: AtomicBool,
    public: AtomicBool,
    overruled: AtomicBool,
    twice: AtomicBool,
    fragments: AtomicBool,
    bursts: Bursts,
    unknown: AtomicBool,
    unobserved: AtomicBool,
    #[cfg(feature = "axum")]
    late: AtomicBool,
    trackless: AtomicBool,
    /// The types that handlers read and no set carries. Each type is a mistake of its own.
    uncarried: Mutex<HashSet<TypeId>>,
}

impl Warnings {
    /// Warns of a `Secure` cookie for a host of this machine, which browsers reach without TLS.
    pub(crate) fn secure_cookie_over_loopback(&self, cookie: &str) {
        if is_first(&self.loopback) {
            warn(format_args!(
                "the cookie {cookie} is Secure, and browsers drop it over http, so each reload \
                 is a new visitor; for local http use `.key(VisitorCookie::plain())`"
            ));
        }
    }

    /// Warns of a request that is treated as a bot's because it has no user agent.
    pub(crate) fn without_agent(&self) {
        if is_first(&self.without_agent) {
            warn(format_args!(
                "a request without a `User-Agent` header is treated as a bot's and takes part in no \
                 test; send the header, or set \
                 `.exclude(Exclusion::default().without_agent(false))`"
            ));
        }
    }

    /// Warns of a visitor cookie that is not signed, as before the layer signed them.
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    pub(crate) fn unsigned_cookie(&self) {
        if is_first(&self.unsigned) {
            warn(format_args!(
                "an unsigned visitor cookie was refused, so its visitor is new; accept unsigned cookies \
                 for a while with `.take_over_until(time)`, or turn signing off with \
                 `.sign(CookieSigning::off())`"
            ));
        }
    }

    /// Warns of an observer that panicked.
    pub(crate) fn observer_panicked(&self) {
        if is_first(&self.observer) {
            warn(format_args!(
                "an observer panicked; it misses the events of such calls"
            ));
        }
    }

    /// Warns of names in `TRACKS_OFF` that the layer does not have.
    pub(crate) fn unknown_off<'a>(&self, unknown: impl Iterator<Item = &'a str>) {
        each(&self.off, unknown, |set| {
            format!(
                "{TRACKS_OFF} names {set:?}, which is not a set of this layer; is it one of another layer?"
            )
        });
    }

    /// Warns of sets that declare a unit without a source of keys.
    pub(crate) fn units_without_key<'a>(&self, units: impl Iterator<Item = &'a str>) {
        each(&self.without_key, units, |unit| {
            format!(
                "no source has keys of the unit {unit:?}, so nobody is in the tracks of its sets; \
                 say `.key_of({unit:?}, …)`"
            )
        });
    }

    /// Warns of sources of keys for a unit whose name is invalid.
    pub(crate) fn invalid_units<'a>(&self, units: impl Iterator<Item = &'a str>) {
        each(&self.invalid_unit, units, |unit| {
            format!("no key of the unit {unit:?} is looked for: a unit's name is {SET_RULE}")
        });
    }

    /// Warns of a handler that read a track and lets shared caches store the response.
    pub(crate) fn public_response(&self, conflict: Conflict) {
        let (said, what) = match conflict {
            Conflict::Left => (&self.public, "was left so, as the handler says"),
            Conflict::Overruled => (&self.overruled, "was made private"),
        };
        if is_first(said) {
            warn(format_args!(
                "a response that depends on a track is `public` or has `s-maxage` or another field \
                 that caches obey, such as `X-Accel-Expires`, and {what}; a shared cache would \
                 give one visitor's track, or even cookie, to all"
            ));
        }
    }

    /// Warns of several fragments of one document that each got a new visitor's cookie.
    pub(crate) fn new_visitor_by(&self, fragment: Fragment, now: SystemTime) {
        let is_said = self.fragments.load(Ordering::Relaxed);
        if !is_said && self.bursts.add(fragment, now) && is_first(&self.fragments) {
            warn(format_args!(
                "several fragments that one page fetched at once each got a visitor's cookie, so \
                 one visitor was counted as several, who may see different tracks; issue the \
                 cookie with the page, by `VisitorCookie::documents(true)`"
            ));
        }
    }

    /// Warns of a set that is in two layers of one request.
    pub(crate) fn held_twice<'a, I>(&self, sets: impl FnOnce() -> I)
    where
        I: Iterator<Item = &'a str>,
    {
        if !self.twice.load(Ordering::Relaxed) {
            each(&self.twice, sets(), |set| {
                format!("the set {set:?} is in two nested layers, and each tells its exposures")
            });
        }
    }

    /// Warns of a handler that reads a group that no layer around it has.
    pub(crate) fn unknown_group(&self, name: &str, groups: impl FnOnce() -> Vec<String>) {
        if is_first(&self.unknown) {
            let groups = groups();
            let groups = listed(groups.iter().map(String::as_str));
            warn(format_args!(
                "a handler asks for {name:?}, and no layer around it has a group of that name, so it \
                 never has an assignment; there are {groups}"
            ));
        }
    }

    /// Warns of a conversion that no layer around the handler observes.
    pub(crate) fn unobserved_goal(&self, goal: &str) {
        if is_first(&self.unobserved) {
            warn(format_args!(
                "the goal {goal:?} was reached, and nobody observes, so it is not recorded; say \
                 `.observe(recorder)` on the layer"
            ));
        }
    }

    /// Warns of an extension with a key that a handler has and the layer did not have.
    #[cfg(feature = "axum")]
    pub(crate) fn late_key(&self, unit: &str, extension: &str) {
        if is_first(&self.late) {
            warn(format_args!(
                "the key of the unit {unit:?} is in the extension `{extension}`, which is set after \
                 TracksLayer chose, so it is never found; add the layer that sets it after \
                 TracksLayer, so that it stands outside"
            ));
        }
    }

    /// Warns of sets that have no track except control.
    pub(crate) fn control_alone<'a>(&self, sets: impl Iterator<Item = &'a str>) {
        each(&self.trackless, sets, |set| {
            format!("the set {set:?} has no track beside control, so it compares nothing")
        });
    }

    /// Warns of a handler that reads a type that no set of the layer carries.
    pub(crate) fn uncarried<T: 'static>(&self, carried: impl Iterator<Item = &'static str>) {
        let mut types = self
            .uncarried
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if types.insert(TypeId::of::<T>()) {
            let name = std::any::type_name::<T>();
            let carried = listed(carried);
            warn(format_args!(
                "no set of this layer carries a `{name}`, so no track ever has one; there are {carried}"
            ));
        }
    }
}

/// Warns of a clock of the application that panicked.
pub(crate) fn clock_panicked(said: &AtomicBool) {
    if is_first(said) {
        warn(format_args!(
            "the clock panicked, so the wall clock is used whenever it does"
        ));
    }
}

/// Returns each name once, in backticks.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: BTreeSet<String> = names.map(|name| format!("`{name}`")).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// Logs a message about each of these, if none was logged yet.
fn each<'a>(
    said: &AtomicBool,
    names: impl Iterator<Item = &'a str>,
    message: impl Fn(&str) -> String,
) {
    if !said.swap(true, Ordering::Relaxed) {
        names.for_each(|name| warn(format_args!("{}", message(name))));
    }
}

/// Returns whether the warning was not logged before, and notes that it is.
fn is_first(said: &AtomicBool) -> bool {
    !said.swap(true, Ordering::Relaxed)
}
