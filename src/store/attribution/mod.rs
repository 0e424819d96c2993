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
mod joint;
mod question;
mod rows;
mod sizes;
mod streams;
mod tally;
mod wanted;

#[cfg(any(feature = "clickhouse", feature = "sqlite"))]
pub(super) use self::interleaved::interleaved;
pub use self::{
    answer::{AttributedGoal, Attribution, Cohort, ServedDefinition},
    attribute::Attribute,
    cell::{Cell, GoalCells},
    question::{AskedGoal, Measure, Question},
    sizes::Sizes,
};
pub(super) use self::{
    fold::fold,
    interleaved::{Exposures, all_interleaved},
    joint::{OfPhase, joint},
    rows::{ExposedUnit, Listed, ReachedGoal},
};
