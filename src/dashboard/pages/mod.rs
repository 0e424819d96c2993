//! One file for each page. `routes.rs` has the required access of each, and `frame.rs` the frame around all
//! of them.

mod ended;
mod frame;
mod home;
#[cfg(feature = "overrides")]
mod link;
mod not_found;
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
