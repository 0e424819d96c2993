//! What the two stores in databases share. They have the same tables, so a row is read, checked and
//! put into a batch in one place, whichever database it comes from.
//!
//! A store implements [`Columns`] for its rows. It keeps to itself how statements run: one blocks its
//! thread, the other one waits for a server.

pub(super) mod answers;
mod columns;
mod dumped;
mod facts;
mod failure;
mod invalid;
mod listed;
mod names;
mod ranges;

pub(super) use self::{
    columns::Columns,
    dumped::{Dump, tables},
    facts::{Conversion, Exposure, Fact, merged},
    failure::Failure,
    invalid::checks,
    listed::Listed,
    names::{Name, Named, Names},
    ranges::{UnitRange, default_parallelism, side_by_side},
};
