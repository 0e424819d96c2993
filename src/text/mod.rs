//! Texts of strangers, made safe for a terminal and for CSV.

mod chain;
#[cfg(any(feature = "files", feature = "report"))]
pub(crate) mod control;
#[cfg(any(feature = "files", feature = "report"))]
mod csv_cell;

pub(crate) use self::chain::chain;
#[cfg(any(feature = "files", feature = "report"))]
pub(crate) use self::{
    control::is_control,
    csv_cell::{cell, plain, quoted},
};
