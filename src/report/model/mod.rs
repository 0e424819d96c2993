//! What a report says: plain data, which can be written and read back.

mod answer;
mod goal;
mod health;
mod intent;
mod notice;
mod phase;
mod report;
mod series;
mod track;
mod utc;
mod verdict;

pub use self::{
    answer::{Answer, Estimated, Limits},
    goal::{Detectable, GoalReport, GoalRole, GoalSource, GoalTrack, TrackChance},
    health::{Coin, CoinAlarm, Health, LostEvents, RatioCheck, RatioState},
    intent::{Intent, IntentSource, Progress},
    notice::Notice,
    phase::PhaseReport,
    report::{Report, Unread},
    series::{SeriesDay, SeriesPoint},
    track::TrackReport,
    utc::{Day, Utc},
    verdict::{Compared, Judgement, VerdictKind},
};
