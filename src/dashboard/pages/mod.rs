//! One file for each page. `routes.rs` has the required access of each, and `frame.rs` the frame around all
//! of them.

#[cfg(feature = "control")]
mod change;
#[cfg(feature = "control")]
mod changes;
mod ended;
mod frame;
mod glossary;
mod home;
#[cfg(feature = "overrides")]
mod link;
#[cfg(feature = "control")]
mod log;
mod not_found;
mod number;
mod part;
mod pauses;
mod planner;
mod recorder;
mod routes;
mod set;
mod unit;

use self::{
    frame::{Frame, Place},
    not_found::{not_found, not_read},
    part::Part,
};
use super::responses::{document, encoded, file, html, see, table, text, titled};

pub(super) use self::routes::routes;
