//! One phase of a set, as a page, JSON and CSV.

use std::slice;

use axum::{Extension, extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use crate::{
    dashboard::{
        ended::Ended,
        responses::Cell,
        view::{Headline, LeftOut},
        visit::Visit,
    },
    report::{PhaseReport, SeriesDay, Utc, phases_to_csv},
};

use self::page::Page;
use super::{Frame, Part, Place, document, encoded, html, not_found, not_read, table, text};

#[cfg(feature = "control")]
mod bare;
#[cfg(feature = "control")]
mod in_force;
mod page;

/// The maximum number of goals in a part as JSON and CSV.
const GOALS: usize = 1_000;

/// The query: a phase of a set. Without a number, it is the latest phase.
#[derive(Deserialize)]
pub(in crate::dashboard::pages) struct Asked {
    #[serde(default)]
    name: String,
    phase: Option<u32>,
    /// The index of the first goal of the page or part.
    #[serde(default)]
    from: usize,
}

/// The phase as JSON.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    read_at: Option<Utc>,
    missing: Option<String>,
    paused: bool,
    headline: Headline,
    /// Why the test has ended; `null` while it goes on.
    ended: Option<Ended<'a>>,
    /// The requests that this server left out; `null` if it does not count them.
    left_out: Option<LeftOut>,
    report: &'a PhaseReport,
    /// The index of the first goal of the next part, if there is one.
    next: Option<usize>,
}

/// The page of a phase.
pub(super) async fn page(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    #[cfg(feature = "control")]
    if let Some(page) = bare::page(&asked.name, asked.phase, &visit) {
        return page;
    }
    answer(&visit, &asked, |phase| {
        html(&Page::new(phase, asked.from, &visit))
    })
}

/// A phase as JSON.
pub(super) async fn json(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    answer(&visit, &asked, |phase| {
        let part = Part::from(asked.from, phase.goals.len(), GOALS);
        let document = document(&Document {
            read_at: visit.known.read_at.map(Utc),
            missing: visit.missing(),
            paused: visit.board.is_paused(&phase.set),
            headline: Headline::of(phase),
            ended: Ended::of_latest(phase, &visit),
            left_out: page::left_out(phase, &visit),
            report: &phase.part(part.range.clone()),
            next: part.later(),
        });
        part.linked(&address("json", phase), document)
    })
}

/// Returns the address of a phase in a format, to which the first goal is added.
fn address(format: &str, phase: &PhaseReport) -> String {
    let name = encoded(&phase.set);
    format!("set.{format}?name={name}&phase={}&", phase.phase)
}

/// A phase as CSV, with a row for each goal and track.
pub(super) async fn csv(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    answer(&visit, &asked, |phase| {
        let part = Part::from(asked.from, phase.goals.len(), GOALS);
        let csv = phases_to_csv(slice::from_ref(&phase.part(part.range.clone())));
        part.linked(&address("csv", phase), text(csv))
    })
}

/// The primary goal by the day of the first exposure, and the changes since the day before, as CSV.
pub(super) async fn days(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    let columns = [
        "day",
        "track",
        "units",
        "value",
        "lift",
        "lift_lower",
        "lift_upper",
        "changes",
    ];
    answer(&visit, &asked, |phase| table(&columns, day_rows(phase)))
}

/// Responds with the requested phase, or that it does not exist.
pub(in crate::dashboard::pages) fn answer(
    visit: &Visit,
    asked: &Asked,
    say: impl FnOnce(&PhaseReport) -> Response,
) -> Response {
    let report = &visit.known.report;
    let phase = match asked.phase {
        Some(number) => report.phase(&asked.name, number),
        None => report.latest(&asked.name),
    };
    phase.map_or_else(|| asked.absent(visit), say)
}

/// Returns a row for each day and track.
fn day_rows(phase: &PhaseReport) -> impl Iterator<Item = Vec<Cell>> {
    let changes = changes(phase).into_iter();
    phase.series.iter().zip(changes).flat_map(|(day, changes)| {
        let tracks = phase.tracks.iter().zip(&day.tracks);
        tracks.map(move |(track, point)| {
            vec![
                Cell::number(day.day),
                Cell::text(&track.name),
                Cell::number(point.units),
                Cell::option(point.value),
                Cell::option(point.lift),
                Cell::option(point.band.map(|band| band.lower)),
                Cell::option(point.band.and_then(|band| band.upper)),
                Cell::text(&changes),
            ]
        })
    })
}

/// Returns the changes of each day of the series. A series may omit days: their changes belong to the next
/// day of it.
fn changes(phase: &PhaseReport) -> Vec<String> {
    let mut rest = phase.changes.as_slice();
    let of_day = |day: &SeriesDay| {
        let (until, later) = rest.split_at(rest.partition_point(|change| change.day <= day.day));
        rest = later;
        let words = until
            .iter()
            .map(|change| format!("{}: {}", change.number, change.sentence));
        words.collect::<Vec<_>>().join("; ")
    };
    phase.series.iter().map(of_day).collect()
}

impl Asked {
    /// The response if there is no such phase, or if nothing was read yet.
    fn absent(&self, visit: &Visit) -> Response {
        let frame = Frame::new(Place::Elsewhere, visit);
        // Before the first reading, any set may exist.
        if visit.known.read_at.is_none() {
            return not_read(frame);
        }
        let phase = self.phase.map(|phase| format!(", phase {phase}"));
        let phase = phase.unwrap_or_default();
        let what = format!("Nothing is known of a set “{}”{phase}.", self.name);
        not_found(frame, &what)
    }
}
