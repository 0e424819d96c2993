//! The shelf of ended tests with their decisions, as a page, JSON and CSV.

use askama::Template;
use axum::{Extension, extract::Query, response::Response};
use serde::Serialize;

use crate::{
    dashboard::{
        ended::Ended,
        responses::Cell,
        view::{DecisionView, Headline},
        visit::Visit,
    },
    figures::count,
    report::{DecidedTrack, Decision, GoalRole, PhaseReport, Utc},
};

mod record;

pub(super) use self::record::{json as record_json, markdown as record_markdown};
use super::{
    Frame, Part, Place, document,
    home::{From, latest},
    html, table,
};

/// The number of tests on a page.
const TESTS: usize = 50;

/// The number of tests in a part as JSON and CSV.
const PART: usize = 200;

/// The page with the ended tests.
#[derive(Template)]
#[template(path = "ended/ended.html")]
struct Page<'a> {
    frame: Frame,
    tests: Vec<Entry<'a>>,
    shown: Part,
}

/// An ended test on the page.
struct Entry<'a> {
    phase: &'a PhaseReport,
    state: &'static str,
    track: &'a str,
    sentence: String,
    decided: Option<Utc>,
    /// The findings: those of the plan, otherwise the verdict.
    findings: Vec<String>,
    numbers: DecisionView,
}

/// The ended tests as JSON.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    read_at: Option<Utc>,
    missing: Option<String>,
    sets: Vec<Summary<'a>>,
    /// The index of the first test of the next part, if there is one.
    next: Option<usize>,
}

/// An ended test as JSON.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Summary<'a> {
    set: &'a str,
    phase: u32,
    ended: Ended<'a>,
    units: u64,
    /// The decision of the plan; `null` without one, and if results are hidden.
    decision: Option<&'a Decision>,
    headline: Headline,
}

/// The page with the ended tests, those that ended last first.
pub(super) async fn page(visit: Extension<Visit>, Query(asked): Query<From>) -> Response {
    let ended = ended(&visit);
    let shown = Part::of(asked.from, ended.len(), TESTS);
    let tests = ended.get(shown.range.clone()).unwrap_or_default();
    html(&Page {
        frame: Frame::new(Place::Ended, &visit),
        tests: tests.iter().map(|test| Entry::of(*test)).collect(),
        shown,
    })
}

/// A part of the ended tests as JSON, with the address of the next part in the header `Link`.
pub(super) async fn json(visit: Extension<Visit>, Query(asked): Query<From>) -> Response {
    let ended = ended(&visit);
    let part = Part::from(asked.from, ended.len(), PART);
    let tests = ended.get(part.range.clone()).unwrap_or_default();
    let document = document(&Document {
        read_at: visit.known.read_at.map(Utc),
        missing: visit.missing(),
        sets: tests.iter().map(|test| Summary::of(*test)).collect(),
        next: part.later(),
    });
    part.linked("ended.json?", document)
}

/// A part of the ended tests as CSV, with the address of the next part in the header `Link`.
pub(super) async fn csv(visit: Extension<Visit>, Query(asked): Query<From>) -> Response {
    let columns = [
        "set",
        "phase",
        "ended",
        "day",
        "track",
        "author",
        "reason",
        "units",
        "decided_at",
        "findings",
    ];
    let ended = ended(&visit);
    let part = Part::from(asked.from, ended.len(), PART);
    let tests = ended.get(part.range.clone()).unwrap_or_default();
    part.linked(
        "ended.csv?",
        table(&columns, tests.iter().map(|test| cells(*test))),
    )
}

/// An ended test: its latest phase, and why it ended.
type Test<'a> = (&'a PhaseReport, Ended<'a>);

/// Returns the ended tests, those that ended last first.
fn ended(visit: &Visit) -> Vec<Test<'_>> {
    let latest = latest(&visit.known.report).into_values();
    let ended = latest.filter_map(|phase| Some((phase, Ended::of(phase, &visit.board)?)));
    let mut ended: Vec<Test<'_>> = ended.collect();
    // The sort is stable, so tests of one day stay sorted by name.
    ended.sort_by_key(|(_, ended)| std::cmp::Reverse(ended.day()));
    ended
}

impl<'a> Entry<'a> {
    fn of((phase, ended): Test<'a>) -> Self {
        Self {
            state: ended.state(),
            track: ended.shipped().map_or("", |shipped| &shipped.track),
            sentence: ended.sentence(),
            decided: decision(phase).map(|decision| decision.decided_at),
            findings: findings(phase),
            numbers: DecisionView::of(phase),
            phase,
        }
    }
}

impl<'a> Summary<'a> {
    fn of((phase, ended): Test<'a>) -> Self {
        Self {
            set: &phase.set,
            phase: phase.phase,
            ended,
            units: phase.units,
            decision: decision(phase),
            headline: Headline::of(phase),
        }
    }
}

/// Returns the row of a test as CSV.
fn cells((phase, ended): Test<'_>) -> Vec<Cell> {
    let shipped = ended.shipped();
    vec![
        Cell::text(&phase.set),
        Cell::number(phase.phase),
        Cell::text(ended.state()),
        Cell::number(ended.day()),
        Cell::text(shipped.map_or("", |shipped| &shipped.track)),
        Cell::text(shipped.map_or("", |shipped| &shipped.author)),
        Cell::text(shipped.map_or("", |shipped| &shipped.reason)),
        Cell::number(phase.units),
        Cell::option(decision(phase).map(|decision| decision.decided_at.to_rfc3339())),
        Cell::text(&findings(phase).join(" ")),
    ]
}

/// Returns the decision of the plan, unless results are hidden.
fn decision(phase: &PhaseReport) -> Option<&Decision> {
    let decision = phase.decision.as_ref();
    decision.filter(|_| phase.covered.is_none())
}

/// Returns the sentences of the plan's decision with its numbers, otherwise the verdicts on the primary goal at the
/// moment of the decision, otherwise the sentence of the verdict.
fn findings(phase: &PhaseReport) -> Vec<String> {
    let found = |track: &DecidedTrack| {
        let [units, of_control] = track.units.map(count);
        let (name, sentence) = (&track.track, &track.sentence);
        format!("{name}: {sentence} ({units} units, and {of_control} of control).")
    };
    if let Some(decision) = decision(phase) {
        return decision.tracks.iter().map(found).collect();
    }
    let then = verdicts_then(phase);
    match then.is_empty() {
        true => vec![Headline::of(phase).sentence],
        false => then,
    }
}

/// Returns the verdicts on the primary goal when a track was shipped; none where results were hidden then.
fn verdicts_then(phase: &PhaseReport) -> Vec<String> {
    let record = phase.record.as_deref();
    let record = record.filter(|record| record.covered.is_none() && phase.covered.is_none());
    let goals = record.into_iter().flat_map(|record| &record.goals);
    let primary = goals.filter(|goal| goal.role == GoalRole::Primary);
    let judged = primary.flat_map(|goal| &goal.tracks).filter_map(|track| {
        let verdict = track.verdict.as_ref()?;
        Some(format!("{}: {}.", track.track, verdict.sentence))
    });
    judged.collect()
}
