//! What of a report stands on pages, ready to be written.

#[cfg(feature = "control")]
mod act_words;
mod advice;
mod age;
mod changes;
mod checks;
mod decision;
#[cfg(feature = "control")]
mod facets;
mod goal;
mod guards;
mod headline;
mod left_out;
mod lines;
mod next;
mod notices;
mod people;
mod period;
mod rank;
mod recorded;
mod segment;
mod set_up;
mod sizes;
mod standing;
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
    checks::{Check, HealthLine, checks},
    decision::DecisionView,
    goal::GoalView,
    guards::Guards,
    headline::{Headline, Tone},
    left_out::LeftOut,
    lines::Lines,
    next::{days_left, next},
    notices::{NoticeView, notices},
    people::{People, counted, people},
    period::PeriodView,
    rank::Rank,
    recorded::RecordedGoal,
    segment::SegmentsView,
    set_up::set_up,
    sizes::{Pace, Sizes},
    standing::Standing,
    unit::UnitView,
    words::{ago, or_dash},
};
