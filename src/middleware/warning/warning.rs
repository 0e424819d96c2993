//! What the layer says about its set-up: each thing once.

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

/// What was already said.
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
    uncarried: Mutex<HashSet<TypeId>>,
}

impl Warnings {
    /// A `Secure` cookie goes to a host that browsers reach without TLS.
    pub(crate) fn secure_cookie_over_loopback(&self, cookie: &str) {
        if is_first(&self.loopback) {
            warn(format_args!(
                "the cookie {cookie} is Secure, and browsers drop it over http, so each reload \
                 is a new visitor; for local http use `.key(VisitorCookie::plain())`"
            ));
        }
    }

    /// A request is treated as a bot's because it has no user agent.
    pub(crate) fn without_agent(&self) {
        if is_first(&self.without_agent) {
            warn(format_args!(
                "a request without a `User-Agent` header is treated as a bot's and takes part in no \
                 test; send the header, or set \
                 `.exclude(Exclusion::default().without_agent(false))`"
            ));
        }
    }

    /// A visitor's cookie is not signed, as before the layer signed them.
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

    /// An observer broke its contract.
    pub(crate) fn observer_panicked(&self) {
        if is_first(&self.observer) {
            warn(format_args!(
                "an observer panicked; it misses the events of such calls"
            ));
        }
    }

    /// The environment turns off what is not there.
    pub(crate) fn unknown_off<'a>(&self, unknown: impl Iterator<Item = &'a str>) {
        each(&self.off, unknown, |set| {
            format!(
                "{TRACKS_OFF} names {set:?}, which is not a set of this layer; is it one of another layer?"
            )
        });
    }

    /// Sets are about a unit whose keys come from nowhere.
    pub(crate) fn units_without_key<'a>(&self, units: impl Iterator<Item = &'a str>) {
        each(&self.without_key, units, |unit| {
            format!(
                "no source has keys of the unit {unit:?}, so nobody is in the tracks of its sets; \
                 say `.key_of({unit:?}, …)`"
            )
        });
    }

    /// Keys are of a unit that no set can have.
    pub(crate) fn invalid_units<'a>(&self, units: impl Iterator<Item = &'a str>) {
        each(&self.invalid_unit, units, |unit| {
            format!("no key of the unit {unit:?} is looked for: a unit's name is {SET_RULE}")
        });
    }

    /// A handler that read a track lets shared caches have the response.
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

    /// A fragment of a document got a new visitor's cookie.
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

    /// A set is in two layers of one request.
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

    /// A handler asks for a group that no layer around it has.
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

    /// A handler says that a goal was reached, and no layer around it has an observer.
    pub(crate) fn unobserved_goal(&self, goal: &str) {
        if is_first(&self.unobserved) {
            warn(format_args!(
                "the goal {goal:?} was reached, and nobody observes, so it is not recorded; say \
                 `.observe(recorder)` on the layer"
            ));
        }
    }

    /// The extension that has a key is there for the handler, and was not for the layer.
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

    /// Sets have nothing but their control.
    pub(crate) fn control_alone<'a>(&self, sets: impl Iterator<Item = &'a str>) {
        each(&self.trackless, sets, |set| {
            format!("the set {set:?} has no track beside control, so it compares nothing")
        });
    }

    /// A handler asks for a type that no set of the layer carries.
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

/// The application's clock broke its contract.
pub(crate) fn clock_panicked(said: &AtomicBool) {
    if is_first(said) {
        warn(format_args!(
            "the clock panicked, so the wall clock is used whenever it does"
        ));
    }
}

/// Returns each name once, in quotes.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: BTreeSet<String> = names.map(|name| format!("`{name}`")).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// Says something about each of these, if nothing was said yet.
fn each<'a>(
    said: &AtomicBool,
    names: impl Iterator<Item = &'a str>,
    message: impl Fn(&str) -> String,
) {
    if !said.swap(true, Ordering::Relaxed) {
        names.for_each(|name| warn(format_args!("{}", message(name))));
    }
}

fn is_first(said: &AtomicBool) -> bool {
    !said.swap(true, Ordering::Relaxed)
}
