//! The queries of a file. Each takes a transaction, which is its snapshot, and returns plain data.
//! A row with a name that is not allowed is left out, because another program may have written it.

mod attribute;
mod busiest;
mod dump;
mod goals;
mod history;
mod invalid;
mod losses;
mod merged;
mod names;
mod overlap;
mod phases;
mod readouts;
mod size;
mod sums;

pub(super) use self::{
    attribute::attribute,
    busiest::busiest_second,
    dump::dump,
    goals::goals,
    history::{Part, history},
    invalid::invalid_rows,
    losses::losses,
    overlap::{conversions_by_day, overlap},
    phases::phases,
    readouts::readouts,
    size::{bytes, is_exposed},
    sums::sums,
};
