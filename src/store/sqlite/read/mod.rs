//! The queries of a file. Each takes a transaction, which is its snapshot, and returns plain data.
//! A row with a name that is not allowed is left out, because another program may have written it.

mod attribute;
mod busiest;
mod dump;
mod history;
mod invalid;
mod losses;
mod overlap;
mod phases;
mod size;
mod sums;

pub(super) use self::{
    attribute::{attribute, has_many_exposures},
    busiest::busiest_second,
    dump::dump,
    history::history,
    invalid::invalid_rows,
    losses::losses,
    overlap::{conversions_by_day, overlap},
    phases::{goals, phases, readouts},
    size::{bytes, is_exposed},
    sums::{latencies, sums},
};
