//! Attribution: whose conversions count for which track.
//!
//! A store reads exposures and conversions in the order of units. One fold merges these streams
//! into the sums of an [`Attribution`]. So the rules exist once, for every store, and the memory
//! use does not depend on the number of units.

mod answer;
mod attribute;
mod cell;
mod cohorts;
mod first;
mod fold;
mod interleaved;
mod question;
mod rows;
mod streams;
mod tally;
mod wanted;

#[cfg(feature = "sqlite")]
pub(super) use self::interleaved::interleaved;
pub use self::{
    answer::{AttributedGoal, Attribution, Cohort, ServedDefinition},
    attribute::Attribute,
    cell::{Cell, GoalCells},
    question::{AskedGoal, Measure, Question},
};
pub(super) use self::{
    fold::fold,
    interleaved::{Exposures, all_interleaved},
    rows::{ExposedUnit, ReachedGoal},
};
