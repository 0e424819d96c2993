//! What of a report stands on pages, ready to be written.

mod advice;
mod checks;
mod goal;
mod headline;
mod notices;
mod period;
mod rank;
mod set_up;
mod sizes;
mod unit;
mod words;

pub(super) use self::{
    checks::{Check, checks},
    goal::GoalView,
    headline::{Headline, Tone},
    notices::notices,
    period::PeriodView,
    rank::Rank,
    set_up::set_up,
    sizes::Sizes,
    unit::UnitView,
    words::{ago, or_dash},
};
