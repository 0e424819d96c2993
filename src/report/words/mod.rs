//! A report as text, for people and for spreadsheets.

mod age;
mod change;
mod csv;
mod figures;
mod goal;
mod health;
mod paragraph;
mod period;
mod segment;
mod table;
mod text;

use self::{paragraph::paragraph, table::Table};

#[cfg(feature = "dashboard")]
pub(crate) use self::{csv::phases_to_csv, goal::LOOK_NOW};
