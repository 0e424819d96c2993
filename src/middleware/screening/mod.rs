//! Screening: bots, speculative loads, exclusion and consent decide which requests are in a test.

mod agents;
pub(crate) mod consent;
mod counts;
mod exclusion;
mod fragments;
mod refuse;
mod speculation;
mod treatment;

#[cfg(feature = "overrides")]
pub(super) use self::exclusion::Predicate;
pub use self::{
    consent::Consent,
    counts::Counts,
    exclusion::Exclusion,
    refuse::{RefuseFuture, RefuseSpeculation, RefuseSpeculationLayer},
};
pub(super) use self::{
    consent::SEC_GPC,
    fragments::begins_with,
    treatment::{Screening, Treatment},
};
