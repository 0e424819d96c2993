//! One file for each page. `routes.rs` has the required access of each, and `frame.rs` the frame around all
//! of them.

mod frame;
mod home;
#[cfg(feature = "overrides")]
mod link;
mod part;
mod pauses;
mod planner;
mod recorder;
mod responses;
mod routes;
mod set;
mod unit;

use self::{
    frame::{Frame, Place, titled},
    part::Part,
    responses::{document, file, html, not_found, not_read, see, table, text},
};

pub(super) use self::{frame::plain, routes::routes};
