//! All phases as JSON and CSV.

use std::sync::Arc;

use axum::{Extension, extract::Query, response::Response};
use serde::Serialize;

use crate::{
    dashboard::{
        ended::Ended,
        pages::{Part, document, text},
        view::{Headline, set_up},
        visit::Visit,
    },
    report::{PhaseReport, Report, Unread, Utc, phases_to_csv},
};

use super::{From, latest};

/// The number of phases in a part.
const PHASES: usize = 200;

/// The number of goals of several phases in a part.
const GOALS: usize = 5_000;

/// The list as JSON.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    read_at: Option<Utc>,
    missing: Option<String>,
    set_up: Vec<String>,
    sets: Vec<Summary<'a>>,
    report: Phases<'a>,
    /// The index of the first phase of the next part, if there is one.
    next: Option<usize>,
}

/// A part of a report, which has the same fields.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Phases<'a> {
    phases: &'a [PhaseReport],
    unread: &'a [Unread],
}

/// The latest phase of a set, as JSON.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Summary<'a> {
    set: &'a str,
    phase: u32,
    paused: bool,
    /// Why the test has ended; `null` while it goes on.
    ended: Option<Ended<'a>>,
    headline: Headline,
}

/// A part of all phases as JSON, with the address of the next part in the header `Link`.
pub(in crate::dashboard::pages) async fn json(
    visit: Extension<Visit>,
    Query(asked): Query<From>,
) -> Response {
    write(visit, asked.from, "sets.json?", |visit, part| {
        let report = &visit.known.report;
        let latest = latest(report);
        let number = |set: &str| latest.get(set).map(|phase| phase.phase);
        let is_latest = |phase: &&PhaseReport| number(&phase.set) == Some(phase.phase);
        let phases = within(&report.phases, part);
        document(&Document {
            read_at: visit.known.read_at.map(Utc),
            missing: visit.missing(),
            set_up: set_up(&visit.board.counts),
            sets: (phases.iter().filter(is_latest))
                .map(|phase| Summary::of(phase, visit))
                .collect(),
            report: Phases {
                phases,
                unread: within(&report.unread, part),
            },
            next: part.later(),
        })
    })
    .await
}

/// A part of all phases as CSV, with the address of the next part in the header `Link`.
pub(in crate::dashboard::pages) async fn csv(
    visit: Extension<Visit>,
    Query(asked): Query<From>,
) -> Response {
    write(visit, asked.from, "sets.csv?", |visit, part| {
        text(phases_to_csv(within(&visit.known.report.phases, part)))
    })
    .await
}

/// Writes the part that begins with a phase, including phases that could not be read. A large part is
/// written on a thread of its own.
async fn write(
    Extension(visit): Extension<Visit>,
    from: usize,
    address: &'static str,
    body: fn(&Visit, &Part) -> Response,
) -> Response {
    let Report { phases, unread, .. } = &*visit.known.report;
    // Both lists are paged by one index, so the last part is that of the longer list.
    let all = phases.len().max(unread.len());
    let part = Part::from(from, all, PHASES).with_goals(phases, GOALS);
    let goals = within(phases, &part).iter().map(|phase| phase.goals.len());
    let (goals, board) = (goals.sum(), Arc::clone(&visit.board));
    let response = move || part.linked(address, body(&visit, &part));
    board.write(goals, response).await
}

/// Returns the items of a list in a part. Lists may be shorter than the part.
fn within<'l, T>(list: &'l [T], part: &Part) -> &'l [T] {
    let end = part.range.end.min(list.len());
    list.get(part.range.start..end).unwrap_or_default()
}

impl<'a> Summary<'a> {
    fn of(phase: &'a PhaseReport, visit: &Visit) -> Self {
        Self {
            set: &phase.set,
            phase: phase.phase,
            paused: visit.board.is_paused(&phase.set),
            ended: Ended::of(phase, &visit.board),
            headline: Headline::of(phase),
        }
    }
}
