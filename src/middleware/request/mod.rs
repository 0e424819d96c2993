//! One request under one layer: its choices, and what a handler reads of them.

mod assign;
mod assignment;
mod assignments;
mod clock;
mod ending;
#[cfg(feature = "axum")]
mod extracted;
mod few;
mod goals;
mod page_load;
#[cfg(feature = "propagation")]
mod passed;
mod reading;
mod request;
#[cfg(feature = "ofrep")]
mod told;
#[cfg_attr(
    not(any(feature = "mask", feature = "overrides", feature = "units")),
    path = "unsigned.rs"
)]
mod visitor_cookies;

#[cfg(any(feature = "ofrep", feature = "overrides", feature = "propagation"))]
pub(super) use self::assign::Entry;
#[cfg(feature = "propagation")]
pub(super) use self::assign::Upstream;
#[cfg(feature = "ofrep")]
pub(crate) use self::told::ToldKeys;
pub use self::{assignment::Assignment, assignments::Assignments, clock::Clock, goals::Goals};
pub(super) use self::{few::Few, page_load::Fragment, request::Request};
