//! What a report says: plain data, which can be written and read back.

mod answer;
mod goal;
mod guide;
mod health;
mod notice;
mod paper;
mod phase;
mod series;
mod track;
mod utc;
mod verdict;

pub use self::{
    answer::{Answer, Estimated, Limits},
    goal::{Detectable, GoalReport, GoalRole, GoalSource, GoalTrack, TrackChance},
    guide::{Intent, IntentSource, Progress},
    health::{Coin, CoinAlarm, Health, LostEvents, RatioCheck, RatioState},
    notice::Notice,
    paper::{Report, Unread},
    phase::PhaseReport,
    series::{SeriesDay, SeriesPoint},
    track::TrackReport,
    utc::{Day, Utc},
    verdict::{Compared, Judgement, VerdictKind},
};
