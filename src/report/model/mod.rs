//! What a report says: plain data, which can be written and read back.

mod answer;
mod change;
mod decision;
mod goal;
mod health;
mod intent;
mod period;
mod phase;
mod report;
mod series;
mod utc;
mod verdict;

pub(crate) use self::phase::OTHER_UNIT;
pub use self::{
    answer::{Answer, Estimated, Limits},
    change::{ChangeReport, ShippedReport},
    decision::{
        DecidedTrack, Decision, RecordedDecision, RecordedGoal, RecordedTrack, RecordedVerdict,
    },
    goal::{
        Detectable, GoalReport, GoalRole, GoalSource, GoalTrack, Percentiles, PlanLook, SoFar,
        TrackChance,
    },
    health::{Coin, CoinAlarm, Health, LostEvents, RatioCheck, RatioState},
    intent::{Intent, IntentSource, Progress},
    period::{PeriodGoal, PeriodGoalTrack, PeriodReport, PeriodTrack},
    phase::{NewUnits, Notice, PhaseReport, TrackReport},
    report::{Report, Unread},
    series::{SeriesDay, SeriesPoint},
    utc::{Day, TimeError, Utc},
    verdict::{Compared, Judgement, VerdictKind},
};
