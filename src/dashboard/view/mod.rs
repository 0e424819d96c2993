//! What of a report stands on pages, ready to be written.

mod advice;
mod checks;
mod goal;
mod headline;
mod notices;
mod period;
mod sizes;
mod unit;
mod words;

pub(super) use self::{
    checks::{Check, checks},
    goal::GoalView,
    headline::{Headline, Rank, Tone},
    notices::notices,
    period::PeriodView,
    sizes::Sizes,
    unit::UnitView,
    words::{ago, plural},
};
