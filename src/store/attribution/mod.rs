//! Whose conversions are whose: one fold over rows in order, for every store.

mod answer;
mod cell;
mod cohorts;
mod first;
mod fold;
mod in_force;
mod question;
mod rows;
mod streams;
mod tally;
mod wanted;

pub use self::{
    answer::{AttributedGoal, Attribution, Cohort, ServedDefinition},
    cell::{Cell, GoalCells},
    question::{Amount, AskedGoal, Measure, Question},
};
pub(super) use self::{
    fold::fold,
    rows::{ExposedUnit, ReachedGoal},
};
