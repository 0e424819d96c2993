//! The record of one decision, to be pasted into a ticket: as Markdown and JSON.

use axum::{
    Extension,
    extract::Query,
    response::{IntoResponse, Response},
};
use http::header;
use serde::Serialize;

use crate::{
    dashboard::{
        ended::Ended,
        pages::{
            document,
            set::{Asked, answer},
        },
        view::{DecisionView, Headline},
        visit::Visit,
    },
    report::{DecisionRecord, PhaseReport},
    text::markdown as escaped,
};

/// The decision as JSON.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    set: &'a str,
    phase: u32,
    owner: &'a str,
    hypothesis: &'a str,
    /// Why the test has ended; `null` if no track was shipped in the phase, and it was not given up.
    ended: Option<Ended<'a>>,
    /// The numbers of that moment; `null` if no track was shipped, and if results are hidden.
    record: Option<&'a DecisionRecord>,
    /// The lifts of findings, corrected for having been selected.
    corrected: Vec<Corrected<'a>>,
    headline: Headline,
}

/// A corrected lift.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Corrected<'a> {
    goal: &'a str,
    track: &'a str,
    lift: f64,
}

/// The decision as Markdown.
pub(in crate::dashboard::pages) async fn markdown(
    visit: Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Response {
    answer(&visit, &asked, |phase| {
        let text = written(phase, why(phase, &visit));
        let kind = [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")];
        (kind, text).into_response()
    })
}

/// The decision as JSON.
pub(in crate::dashboard::pages) async fn json(
    visit: Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Response {
    answer(&visit, &asked, |phase| {
        let record = phase.record.as_deref();
        let record = record.filter(|_| phase.covered.is_none());
        document(&Document {
            set: &phase.set,
            phase: phase.phase,
            owner: &phase.intent.owner,
            hypothesis: &phase.intent.hypothesis,
            ended: why(phase, &visit),
            record,
            corrected: corrected(phase, record),
            headline: Headline::of(phase),
        })
    })
}

/// Returns why the test of a phase has ended. A later phase does not undo what was shipped.
fn why<'a>(phase: &'a PhaseReport, visit: &'a Visit) -> Option<Ended<'a>> {
    let latest = visit.known.report.latest(&phase.set);
    let is_latest = latest.is_some_and(|latest| latest.phase == phase.phase);
    match (&phase.shipped, is_latest) {
        (Some(shipped), false) => Some(Ended::Shipped(shipped)),
        _ => Ended::of_latest(phase, visit),
    }
}

fn corrected<'a>(phase: &'a PhaseReport, record: Option<&'a DecisionRecord>) -> Vec<Corrected<'a>> {
    let goals = record.map_or(&phase.goals, |record| &record.goals);
    let goals = goals.iter().filter(|_| phase.covered.is_none());
    let of_goal = goals.flat_map(|goal| {
        goal.tracks.iter().filter_map(|track| {
            Some(Corrected {
                goal: &goal.label,
                track: &track.track,
                lift: track.corrected_lift()?,
            })
        })
    });
    of_goal.collect()
}

/// Writes a decision. Names and reasons are texts of people, and have no meaning in Markdown.
fn written(phase: &PhaseReport, ended: Option<Ended<'_>>) -> String {
    let numbers = DecisionView::of(phase);
    let mut text = format!("# Decision on {}\n\n", escaped(&phase.name()));
    let decided = match ended {
        Some(ended) => escaped(&ended.sentence()),
        None => "No track was shipped in this phase: this is no decision.".to_owned(),
    };
    text += &format!("{decided}\n\n");
    for (title, value) in [
        ("Hypothesis", &phase.intent.hypothesis),
        ("Owner", &phase.intent.owner),
    ] {
        if !value.is_empty() {
            text += &format!("* {title}: {}\n", escaped(value));
        }
    }
    if let Some(day) = phase.first_day {
        text += &format!("* First exposure: {day}\n");
    }
    text += &format!("* Numbers of {}: {}\n", numbers.as_of, numbers.size);
    match numbers.covered {
        Some(covered) => text += &format!("\n{}.\n", escaped(&covered)),
        None => text += &table(&numbers),
    }
    text
}

/// Returns the numbers as a table of GitHub Flavored Markdown.
fn table(numbers: &DecisionView) -> String {
    let row = |cells: [&str; 8]| format!("| {} |\n", cells.join(" | "));
    let mut text = format!("\n{}", row(DecisionView::COLUMNS));
    text += &row(["---", "---", "--:", "--:", "--:", "---", "--:", "---"]);
    for cells in &numbers.rows {
        let cells = cells.each_ref().map(|cell| escaped(cell));
        text += &row(cells.each_ref().map(String::as_str));
    }
    text + "\nA corrected lift is what to expect of a finding at the planned end, since a lucky difference is found \
            more often than an unlucky one. Of any other finding, expect the end of the interval that is nearer \
            to 0.\n"
}
