//! What of a report stands on pages, ready to be written.

mod advice;
mod checks;
mod goal;
mod headline;
mod notices;
mod period;
mod set_up;
mod sizes;
mod unit;
mod words;

pub(super) use self::{
    checks::{Check, checks},
    goal::GoalView,
    headline::{Headline, Rank, Tone},
    notices::notices,
    period::PeriodView,
    set_up::set_up,
    sizes::Sizes,
    unit::UnitView,
    words::{ago, plural},
};
