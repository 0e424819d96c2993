//! A set in the list: its latest phase.

use crate::{
    dashboard::{
        plot::Spark,
        view::{Headline, Lines, Standing, ago, counted, days_left},
        visit::Visit,
    },
    figures::{count, percent, plural},
    report::{Day, PhaseReport},
    store::Timestamp,
};

/// The number of days without a new unit after which the list says so.
const SILENT_DAYS: i32 = 2;

/// A set in the list, before it is written.
pub(super) struct Listed<'a> {
    pub(super) phase: &'a PhaseReport,
    pub(super) headline: Headline,
    pub(super) is_paused: bool,
    pub(super) standing: Standing,
}

/// A set in the list as the page has it.
pub(super) struct Entry<'a> {
    pub(super) phase: &'a PhaseReport,
    pub(super) headline: Headline,
    pub(super) is_paused: bool,
    pub(super) is_decided: bool,
    /// The tracks on the primary goal.
    pub(super) lines: Option<Lines>,
    pub(super) spark: Option<Spark>,
    pub(super) units: String,
    /// The progress of the plan.
    pub(super) plan: Option<String>,
    pub(super) alarms: Option<String>,
    /// Since when no unit came.
    pub(super) silent: Option<Day>,
    pub(super) as_of: String,
    /// How many of the findings of all running tests that are at least as clear may be false.
    pub(super) discovery: Option<String>,
}

impl<'a> Listed<'a> {
    pub(super) fn new(phase: &'a PhaseReport, visit: &Visit) -> Self {
        let headline = Headline::of(phase);
        let is_paused = visit.board.is_paused(&phase.set);
        let standing = Standing::of(phase, &headline, is_paused);
        Self {
            phase,
            headline,
            is_paused,
            standing,
        }
    }

    /// Returns the entry. `rate` is the false discovery rate of its findings.
    pub(super) fn entry(self, rate: Option<f64>) -> Entry<'a> {
        let phase = self.phase;
        let primary = phase.primary().filter(|_| phase.covered.is_none());
        Entry {
            headline: self.headline,
            is_paused: self.is_paused,
            is_decided: self.standing == Standing::Decided,
            lines: primary.map(Lines::few).filter(|lines| !lines.lines.is_empty()),
            spark: Spark::of(&phase.daily),
            units: counted(phase.units, &phase.unit),
            plan: plan(phase),
            alarms: alarms(phase),
            silent: silent(phase),
            as_of: ago(phase.as_of.0, Timestamp::now()),
            discovery: rate.map(|rate| {
                format!(
                    "Among the findings of all running tests that are at least as clear, at most {} are \
                     expected to be false.",
                    percent(rate)
                )
            }),
            phase,
        }
    }
}

/// Returns how much of the plan is done, and how long it takes at most.
fn plan(phase: &PhaseReport) -> Option<String> {
    let progress = phase.intent.progress.as_ref()?;
    let done = format!(
        "{} of {} planned",
        count(progress.units),
        count(progress.planned)
    );
    Some(match days_left(progress) {
        Some(days) => format!("{done}, about {} left", plural(days.ceil() as u64, "day")),
        None => done,
    })
}

/// Returns the number of goals and tracks that are worse: so far, or by a guardrail.
fn alarms(phase: &PhaseReport) -> Option<String> {
    if phase.covered.is_some() {
        return None;
    }
    let alarms = phase.alarms().count() + phase.worse_guardrails().count();
    (alarms > 0).then(|| plural(alarms as u64, "alarm"))
}

/// Returns the day of the last new unit, if it is some days ago.
fn silent(phase: &PhaseReport) -> Option<Day> {
    let (Day(today), Day(last)) = phase.daily.last().map(|day| day.day).zip(phase.last_day)?;
    (today.saturating_sub(last) > SILENT_DAYS).then_some(Day(last))
}
