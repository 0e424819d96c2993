//! One phase of a set, as a page, JSON and CSV.

use std::{slice, sync::Arc};

use axum::{
    Extension,
    extract::{Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};

use crate::{
    dashboard::{board::Board, csv::Cell, known::Known, level::Who, view::Headline},
    report::{PhaseReport, Utc, phases_to_csv},
};

use self::page::Page;
use super::{Frame, Part, Place, document, html, not_found, not_read, table, text};

mod page;

/// The maximum number of goals in a part as JSON and CSV.
const GOALS: usize = 1_000;

/// The query: a phase of a set. Without a number, it is the latest phase.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    name: String,
    phase: Option<u32>,
    /// The index of the first goal of the page or part.
    #[serde(default)]
    from: usize,
}

/// The extractors of every handler about a set.
type Ask = (State<Arc<Board>>, Query<Asked>, Extension<Who>);

/// The phase as JSON.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    read_at: Option<Utc>,
    missing: Option<String>,
    paused: bool,
    headline: Headline,
    report: &'a PhaseReport,
    /// The index of the first goal of the next part, if there is one.
    next: Option<usize>,
}

/// The page of a phase.
pub(super) async fn page((State(board), Query(asked), Extension(who)): Ask) -> Response {
    answer(&board, &asked, who, |phase, known, who| {
        let frame = Frame::new(Place::Elsewhere, &board, known, who);
        html(&Page::new(frame, (phase, asked.from), known, &board))
    })
}

/// A phase as JSON.
pub(super) async fn json((State(board), Query(asked), Extension(who)): Ask) -> Response {
    answer(&board, &asked, who, |phase, known, _| {
        let part = Part::from(asked.from, phase.goals.len(), GOALS);
        part.linked(&address("json", phase), of((phase, &part), known, &board))
    })
}

/// Writes a part of a phase as JSON.
fn of((phase, part): (&PhaseReport, &Part), known: &Known, board: &Board) -> Response {
    document(&Document {
        read_at: known.read_at.map(Utc),
        missing: board.missing(known),
        paused: board.acts.is_paused(&phase.set),
        headline: Headline::of(phase),
        report: &phase.part(part.range.clone()),
        next: part.later(),
    })
}

/// Returns the address of a phase in a format, to which the first goal is added.
fn address(format: &str, phase: &PhaseReport) -> String {
    let name = askama::filters::urlencode_strict(&phase.set).map(|name| name.to_string());
    // Writing into a string cannot fail.
    let name = name.unwrap_or_default();
    format!("set.{format}?name={name}&phase={}&", phase.phase)
}

/// A phase as CSV, with a row for each goal and track.
pub(super) async fn csv((State(board), Query(asked), Extension(who)): Ask) -> Response {
    answer(&board, &asked, who, |phase, _, _| {
        let part = Part::from(asked.from, phase.goals.len(), GOALS);
        let csv = phases_to_csv(slice::from_ref(&phase.part(part.range.clone())));
        part.linked(&address("csv", phase), text(csv))
    })
}

/// The primary goal by the day of the first exposure, as CSV.
pub(super) async fn days((State(board), Query(asked), Extension(who)): Ask) -> Response {
    let columns = [
        "day",
        "track",
        "units",
        "value",
        "lift",
        "lift_lower",
        "lift_upper",
    ];
    answer(&board, &asked, who, |phase, _, _| {
        table(&columns, day_rows(phase))
    })
}

/// Responds with the requested phase, or that it does not exist.
fn answer(
    board: &Board,
    asked: &Asked,
    who: Who,
    say: impl FnOnce(&PhaseReport, &Known, Who) -> Response,
) -> Response {
    let known = board.known();
    match asked.phase_of(&known) {
        Some(phase) => say(phase, &known, who),
        None => asked.absent(board, &known, who),
    }
}

/// Returns a row for each day and track.
fn day_rows(phase: &PhaseReport) -> impl Iterator<Item = Vec<Cell>> {
    phase.series.iter().flat_map(|day| {
        let tracks = phase.tracks.iter().zip(&day.tracks);
        tracks.map(|(track, point)| {
            vec![
                Cell::number(day.day),
                Cell::text(&track.name),
                Cell::number(point.units),
                Cell::option(point.value),
                Cell::option(point.lift),
                Cell::option(point.band.map(|band| band.lower)),
                Cell::option(point.band.and_then(|band| band.upper)),
            ]
        })
    })
}

impl Asked {
    /// Returns the requested phase of the known report.
    fn phase_of<'k>(&self, known: &'k Known) -> Option<&'k PhaseReport> {
        match self.phase {
            Some(number) => known.report.phase(&self.name, number),
            None => known.report.latest(&self.name),
        }
    }

    /// The response if there is no such phase, or if nothing was read yet.
    fn absent(&self, board: &Board, known: &Known, who: Who) -> Response {
        let frame = Frame::new(Place::Elsewhere, board, known, who);
        if known.read_at.is_none() {
            return not_read(frame);
        }
        let phase = self.phase.map(|phase| format!(", phase {phase}"));
        let phase = phase.unwrap_or_default();
        let what = format!("Nothing is known of a set “{}”{phase}.", self.name);
        not_found(frame, &what)
    }
}
