use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::Arc,
};

use crate::assign::Set;

use super::{alias::Alias, conversion::Conversion, exposure::Exposure};
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
use crate::unit::CookieSigning;
use crate::unit::Subject;
#[cfg(feature = "units")]
use crate::unit::Units;

/// The port by which exposures and conversions leave.
///
/// It is implemented for closures over `&Exposure`, for `Arc`s and pairs of observers, and for
/// `()`, which observes nothing.
///
/// # When it is called
///
/// Once per request and set that was read, on the request's own path: when the response's
/// head is ready, or when the request ends without one; for a track that is read after the
/// head was sent, at that reading. It may be called from a destructor.
///
/// So it must not block, wait for I/O or panic. It can send the exposure to another thread, count it or log
/// a line. A panic is caught: this observer misses the event, but the request and other observers continue.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use tower_tracks::{Exposure, Observe, event::Conversion};
///
/// #[derive(Default)]
/// struct Counter {
///     exposures: AtomicU64,
///     conversions: AtomicU64,
/// }
///
/// impl Observe for Counter {
///     fn observe(&self, _: &Exposure) {
///         self.exposures.fetch_add(1, Ordering::Relaxed);
///     }
///
///     fn conversion(&self, _: &Conversion) {
///         self.conversions.fetch_add(1, Ordering::Relaxed);
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not observe",
    label = "expected an observer",
    note = "a closure `|exposure: &Exposure| …`, a `record::Recorder`, or your own type that implements `Observe`"
)]
pub trait Observe: Send + Sync + 'static {
    /// Receives an exposure. See [the trait](Observe#when-it-is-called) for when, and for what it
    /// may not do.
    fn observe(&self, exposure: &Exposure);

    /// Takes note that a visitor has another key, too, as after signing in: once per request that
    /// has both, when it ends.
    ///
    /// Defaults to nothing.
    ///
    /// A report needs it to attribute a user's conversions to the tracks of the visitor, so an
    /// observer around another one forwards it.
    fn alias(&self, alias: &Alias) {
        let _ = alias;
    }

    /// Receives a conversion, when a handler records it with `Goals`.
    ///
    /// Defaults to nothing.
    fn conversion(&self, conversion: &Conversion) {
        let _ = conversion;
    }

    /// Takes note of a set of which exposures may come: when a layer is put around a service for
    /// the first time, and so once for each layer that has the set.
    ///
    /// Defaults to nothing.
    ///
    /// A recorder stores the definition with the facts, for reports.
    fn define(&self, set: &Arc<Set>) {
        let _ = set;
    }

    /// Returns a receipt, with which a program that does not know the keys, such as a payment service, can
    /// record a conversion of these subjects later.
    ///
    /// Defaults to none.
    fn receipt(&self, subjects: &[Subject]) -> Option<String> {
        let _ = subjects;
        None
    }

    /// Returns the signing of visitors' cookies for layers that this observer observes, where it
    /// knows a secret: called once, when a layer is put around a service. An observer around another
    /// one forwards it.
    ///
    /// Defaults to none.
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    fn cookie_signing(&self) -> Option<CookieSigning> {
        None
    }

    /// Returns the units in which this observer records keys: called once, where receipts of exposures are issued
    /// and redeemed. An observer around another one forwards it.
    ///
    /// Defaults to none.
    #[cfg(feature = "units")]
    fn recorded_units(&self) -> Option<Units> {
        None
    }
}

impl Observe for () {
    fn observe(&self, _: &Exposure) {}
}

impl<F> Observe for F
where
    F: Fn(&Exposure) + Send + Sync + 'static,
{
    fn observe(&self, exposure: &Exposure) {
        self(exposure);
    }
}

// Every method is forwarded: the default of the trait would drop what the observer wants to know.
impl<T: Observe + ?Sized> Observe for Arc<T> {
    fn observe(&self, exposure: &Exposure) {
        (**self).observe(exposure);
    }

    fn alias(&self, alias: &Alias) {
        (**self).alias(alias);
    }

    fn conversion(&self, conversion: &Conversion) {
        (**self).conversion(conversion);
    }

    fn define(&self, set: &Arc<Set>) {
        (**self).define(set);
    }

    fn receipt(&self, subjects: &[Subject]) -> Option<String> {
        (**self).receipt(subjects)
    }

    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    fn cookie_signing(&self) -> Option<CookieSigning> {
        (**self).cookie_signing()
    }

    #[cfg(feature = "units")]
    fn recorded_units(&self) -> Option<Units> {
        (**self).recorded_units()
    }
}

/// Calls both, one after the other, even if the first panics. A receipt and the signing of cookies are
/// those of the first that returns one.
impl<A: Observe, B: Observe> Observe for (A, B) {
    fn observe(&self, exposure: &Exposure) {
        both(|| self.0.observe(exposure), || self.1.observe(exposure));
    }

    fn alias(&self, alias: &Alias) {
        both(|| self.0.alias(alias), || self.1.alias(alias));
    }

    fn conversion(&self, conversion: &Conversion) {
        both(
            || self.0.conversion(conversion),
            || self.1.conversion(conversion),
        );
    }

    fn define(&self, set: &Arc<Set>) {
        both(|| self.0.define(set), || self.1.define(set));
    }

    fn receipt(&self, subjects: &[Subject]) -> Option<String> {
        either(|| self.0.receipt(subjects), || self.1.receipt(subjects))
    }

    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    fn cookie_signing(&self) -> Option<CookieSigning> {
        either(|| self.0.cookie_signing(), || self.1.cookie_signing())
    }

    #[cfg(feature = "units")]
    fn recorded_units(&self) -> Option<Units> {
        either(|| self.0.recorded_units(), || self.1.recorded_units())
    }
}

/// Returns what the first gives, or else the other, also where the first panics. Where neither gives
/// anything, the panic goes on.
fn either<T>(first: impl FnOnce() -> Option<T>, other: impl FnOnce() -> Option<T>) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(first)) {
        Ok(first) => first.or_else(other),
        Err(panic) => other().or_else(|| resume_unwind(panic)),
    }
}

/// Calls both, and then goes on with the panic of the first. An observer that panics at one track
/// would else keep that track's exposures, and no other's, from a recorder behind it.
fn both(first: impl FnOnce(), second: impl FnOnce()) {
    let first = catch_unwind(AssertUnwindSafe(first));
    second();
    if let Err(panic) = first {
        resume_unwind(panic);
    }
}
