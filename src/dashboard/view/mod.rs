//! What of a report stands on pages, ready to be written.

#[cfg(feature = "control")]
mod act_words;
mod advice;
mod age;
mod changes;
mod checks;
#[cfg(feature = "control")]
mod facets;
mod goal;
mod headline;
mod left_out;
mod notices;
mod period;
mod rank;
mod recorded;
mod segment;
mod set_up;
mod sizes;
#[cfg(feature = "control")]
mod touched;
mod unit;
mod words;

#[cfg(feature = "control")]
pub(super) use self::{
    act_words::in_words,
    facets::{Difference, Facet, differences, facets, mode},
    touched::touched,
};
pub(super) use self::{
    age::ages,
    changes::ChangesView,
    checks::{Check, checks},
    goal::GoalView,
    headline::{Headline, Tone},
    left_out::LeftOut,
    notices::notices,
    period::PeriodView,
    rank::Rank,
    recorded::RecordedGoal,
    segment::SegmentsView,
    set_up::set_up,
    sizes::{Pace, Sizes},
    unit::UnitView,
    words::{ago, or_dash},
};
