//! Whose conversions are whose: one fold over rows in order, for every store.

mod answer;
mod cell;
mod fold;
mod question;
mod rows;
mod tally;

pub use self::{
    answer::Attribution,
    cell::{Cell, CellKey},
    question::{Amount, AskedGoal, Measure, Question},
};
pub(super) use self::{
    fold::fold,
    rows::{ExposedUnit, ReachedGoal},
};
