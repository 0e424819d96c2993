//! What the stores in databases share. Their statements return the same columns, so a row is read, checked
//! and put into a batch in one place, whichever database it comes from.
//!
//! A store implements [`Columns`] for its rows. It keeps to itself how statements run: one reads a file, and
//! others wait for a server.

pub(super) mod answers;
mod columns;
mod dumped;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod facts;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod failure;
mod invalid;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod listed;
mod names;
mod ranges;

pub(super) use self::{
    columns::Columns,
    dumped::{Dump, tables},
    invalid::checks,
    names::{Name, Named, Names},
    ranges::{UnitRange, default_parallelism, side_by_side},
};
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(super) use self::{
    facts::{Conversion, Exposure, Fact, merged},
    failure::Failure,
    listed::Listed,
};
