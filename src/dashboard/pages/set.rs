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
use super::{Frame, Place, document, html, not_found, not_read, table, text};

mod page;

/// Which phase of which set; the latest unless it is said.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    name: String,
    phase: Option<u32>,
    /// With which goal the page begins.
    #[serde(default)]
    from: usize,
}

/// What every answer about a set is made from.
type Ask = (State<Arc<Board>>, Query<Asked>, Extension<Who>);

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    read_at: Option<Utc>,
    missing: Option<String>,
    paused: bool,
    headline: Headline,
    report: &'a PhaseReport,
}

pub(super) async fn page((State(board), Query(asked), Extension(who)): Ask) -> Response {
    answer(&board, &asked, who, |phase, known, who| {
        let frame = Frame::new(Place::Elsewhere, &board, known, who);
        html(&Page::new(frame, (phase, asked.from), known, &board))
    })
}

pub(super) async fn json((State(board), Query(asked), Extension(who)): Ask) -> Response {
    let written = Arc::clone(&board);
    let goals = asked.goals(&board);
    let json = move || {
        answer(&written, &asked, who, |phase, known, _| {
            of(phase, known, &written)
        })
    };
    board.aside.write(goals, json).await
}

fn of(phase: &PhaseReport, known: &Known, board: &Board) -> Response {
    document(&Document {
        read_at: known.read_at.map(Utc),
        missing: board.missing(known),
        paused: board.acts.is_paused(&phase.set),
        headline: Headline::of(phase),
        report: phase,
    })
}

pub(super) async fn csv((State(board), Query(asked), Extension(who)): Ask) -> Response {
    let written = Arc::clone(&board);
    let goals = asked.goals(&board);
    let csv = move || {
        answer(&written, &asked, who, |phase, _, _| {
            text(phases_to_csv(slice::from_ref(phase)))
        })
    };
    board.aside.write(goals, csv).await
}

/// The primary goal by the day of the first exposure.
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

/// Says something of the phase that was asked for, or that there is none.
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
    /// Returns how many goals the phase has.
    fn goals(&self, board: &Board) -> usize {
        let known = board.known();
        self.phase_of(&known).map_or(0, |phase| phase.goals.len())
    }

    fn phase_of<'k>(&self, known: &'k Known) -> Option<&'k PhaseReport> {
        match self.phase {
            Some(number) => known.report.phase(&self.name, number),
            None => known.report.latest(&self.name),
        }
    }

    /// The answer where there is no such phase, or none that was read.
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
