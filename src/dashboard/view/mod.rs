//! What of a report stands on pages, ready to be written.

mod advice;
mod changes;
mod checks;
mod goal;
mod headline;
mod left_out;
mod notices;
mod period;
mod rank;
mod set_up;
mod sizes;
mod unit;
mod words;

pub(super) use self::{
    changes::ChangesView,
    checks::{Check, checks},
    goal::GoalView,
    headline::{Headline, Tone},
    left_out::LeftOut,
    notices::notices,
    period::PeriodView,
    rank::Rank,
    set_up::set_up,
    sizes::Sizes,
    unit::UnitView,
    words::{ago, or_dash},
};
