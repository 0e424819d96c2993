//! From a store to a report, through the real assignment and the real recorder.

mod calibration;
mod covered;
mod decisions;
mod extremes;
mod health;
mod history;
mod isolated;
mod left_out;
mod many_goals;
mod notices;
mod plans;
mod refunds;
mod renamed;
mod requests;
mod shop;
mod stored;
mod time_zones;
#[path = "../../../examples/traffic/visitors.rs"]
mod visitors;
mod written;
