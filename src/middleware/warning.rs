//! What the layer says about its set-up: each thing once, as a `tracing` event.

use std::{
    any::TypeId,
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// What was already said.
#[derive(Debug, Default)]
pub(super) struct Warnings {
    loopback: AtomicBool,
    observer: AtomicBool,
    off: AtomicBool,
    uncarried: Mutex<HashSet<TypeId>>,
}

impl Warnings {
    /// A `Secure` cookie goes to a host that browsers reach without TLS.
    pub(super) fn secure_cookie_over_loopback(&self, cookie: &str) {
        if is_first(&self.loopback) {
            warn(format_args!(
                "the cookie {cookie} is Secure, and browsers drop it over http, so each reload \
                 is a new visitor; for local http use `.key(VisitorCookie::plain())`"
            ));
        }
    }

    /// An observer broke its contract.
    pub(super) fn observer_panicked(&self) {
        if is_first(&self.observer) {
            warn(format_args!(
                "the observer panicked, and its exposure is lost"
            ));
        }
    }

    /// The environment turns off what is not there.
    pub(super) fn unknown_off<'a>(&self, unknown: impl Iterator<Item = &'a str>) {
        if is_first(&self.off) {
            for set in unknown {
                warn(format_args!(
                    "{} names {set:?}, which is no set of this layer",
                    super::pause::TRACKS_OFF
                ));
            }
        }
    }

    /// A handler asks for a type that no set of the layer carries.
    pub(super) fn uncarried<T: 'static>(&self) {
        let mut types = self
            .uncarried
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if types.insert(TypeId::of::<T>()) {
            let name = std::any::type_name::<T>();
            warn(format_args!(
                "no set of this layer carries a `{name}`, so no track ever has one"
            ));
        }
    }
}

fn is_first(said: &AtomicBool) -> bool {
    !said.swap(true, Ordering::Relaxed)
}

#[cfg(feature = "tracing")]
fn warn(message: std::fmt::Arguments<'_>) {
    tracing::warn!(target: "tower_tracks", "{message}");
}

#[cfg(not(feature = "tracing"))]
fn warn(_: std::fmt::Arguments<'_>) {}
