//! One request under one layer: its choices, and what a handler reads of them.

mod assignment;
mod assignments;
mod clock;
mod ending;
mod entry;
mod few;
mod goals;
mod page_load;
mod reading;
mod request;
#[cfg(feature = "axum")]
mod typed;

pub use self::{assignment::Assignment, assignments::Assignments, clock::Clock, goals::Goals};
pub(super) use self::{entry::Entry, few::Few, page_load::Fragment, request::Request};
