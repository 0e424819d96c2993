//! What a report says: plain data, which can be written and read back.

mod age;
mod answer;
mod change;
mod decision;
mod goal;
mod health;
mod intent;
mod part;
mod period;
mod phase;
mod record;
mod report;
mod segment;
mod series;
mod utc;
mod verdict;

pub(crate) use self::phase::OTHER_UNIT;
#[cfg(feature = "dashboard")]
pub(crate) use self::report::discovery_rates;
pub use self::{
    age::AgeReport,
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
    part::{PartGoal, PartGoalTrack, PartTrack},
    period::PeriodReport,
    phase::{NewUnits, Notice, PhaseReport, TrackReport},
    record::DecisionRecord,
    report::{Report, Unread},
    segment::{SameEffect, SegmentReport, SegmentedGoal, SegmentsReport},
    series::{SeriesDay, SeriesPoint},
    utc::{Day, TimeError, Utc},
    verdict::{Compared, Judgement, VerdictKind},
};
