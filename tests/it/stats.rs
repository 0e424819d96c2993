//! The module `stats`: outside truth, what has to hold for every input, and the promises about
//! errors, simulated.

mod calibration;
mod end_to_end;
pub(crate) mod generator;
mod group_sequential;
mod integers;
mod lookback;
mod plans;
mod properties;
mod readout;
mod vectors;
