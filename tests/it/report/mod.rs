//! From a store to a report, through the real assignment and the real recorder.

mod ages;
mod calibration;
mod covered;
mod decisions;
mod discovery;
mod extremes;
mod health;
mod history;
mod interactions;
mod isolated;
mod left_out;
mod lookback;
mod many_goals;
mod notices;
mod percentiles;
mod plans;
mod published;
mod record;
mod refunds;
mod renamed;
mod requests;
mod segments;
mod shop;
mod stored;
mod time_zones;
#[path = "../../../examples/traffic/visitors.rs"]
mod visitors;
mod written;
