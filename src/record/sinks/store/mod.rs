//! A store as a sink.

mod definitions;
mod draft;
mod known;
mod met;
mod payload;
mod sink;
mod sums;

pub(in crate::record) use self::{sink::StoreSink, sums::is_error};
