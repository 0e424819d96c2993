//! The page with the state of the recorder.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use serde::Serialize;

use crate::{
    dashboard::{board::Board, csv::Cell, level::Who},
    figures::count,
    record::{Lost, Recorder},
};

use super::{Frame, Place, document, html, table};

/// The page with the state of the recorder.
#[derive(Template)]
#[template(path = "recorder.html")]
struct Page {
    frame: Frame,
    state: Option<Recording>,
}

/// The counts of events since this server started.
#[derive(Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Recording {
    sinks: Vec<Sink>,
    lost: Vec<Loss>,
}

/// The counts of one sink.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Sink {
    sink: String,
    accepted: u64,
    written: u64,
    duplicates: u64,
    dropped: u64,
    aside: u64,
    /// The number of events in the queue, and its capacity.
    waiting: usize,
    capacity: usize,
}

/// The lost events of one sink, for one reason.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Loss {
    sink: String,
    reason: String,
    /// The track or the goal.
    what: String,
    n: u64,
}

/// The page with the state of the recorder.
pub(super) async fn page(
    State(board): State<Arc<Board>>,
    Extension(who): Extension<Who>,
) -> Response {
    html(&Page {
        frame: Frame::new(Place::Recorder, &board, &board.known(), who),
        state: board.recorder.as_ref().map(Recording::of),
    })
}

/// The state of the recorder as JSON; `null` without a recorder.
pub(super) async fn json(State(board): State<Arc<Board>>) -> Response {
    document(&board.recorder.as_ref().map(Recording::of))
}

/// The counts of the sinks as CSV.
pub(super) async fn csv(State(board): State<Arc<Board>>) -> Response {
    let columns = [
        "sink",
        "accepted",
        "written",
        "duplicates",
        "dropped",
        "aside",
        "waiting",
        "capacity",
    ];
    let recording = board.recorder.as_ref().map(Recording::of);
    let sinks = recording.unwrap_or_default().sinks.into_iter();
    table(&columns, sinks.map(Sink::cells))
}

impl Recording {
    /// Reads the counts of a recorder.
    fn of(recorder: &Recorder) -> Self {
        let tallies = recorder.tallies();
        let sink = |(name, waiting, capacity): (&str, usize, usize)| {
            let tally = tallies.get(name).unwrap_or_default();
            Sink {
                sink: name.to_owned(),
                accepted: tally.accepted,
                written: tally.written,
                duplicates: tally.duplicates,
                dropped: tally.dropped,
                aside: tally.aside,
                waiting,
                capacity,
            }
        };
        Self {
            sinks: recorder.depths().map(sink).collect(),
            lost: recorder.losses().into_iter().map(Loss::of).collect(),
        }
    }
}

impl Sink {
    /// Returns the row of the page, and for each number whether it needs attention.
    fn numbers(&self) -> [(String, bool); 6] {
        [
            (count(self.accepted), false),
            (count(self.written), false),
            (count(self.duplicates), false),
            (count(self.dropped), self.dropped > 0),
            (count(self.aside), self.aside > 0),
            (self.queue(), self.waiting * 2 > self.capacity),
        ]
    }

    /// Returns the length and the capacity of the queue, as text.
    fn queue(&self) -> String {
        let [waiting, capacity] = [self.waiting, self.capacity].map(|n| count(n as u64));
        format!("{waiting} of {capacity}")
    }

    /// Returns the row of the CSV.
    fn cells(self) -> Vec<Cell> {
        let queue = [self.waiting, self.capacity].map(Cell::number);
        let numbers = [
            self.accepted,
            self.written,
            self.duplicates,
            self.dropped,
            self.aside,
        ];
        let mut cells = vec![Cell::Text(self.sink)];
        cells.extend(numbers.map(Cell::number));
        cells.extend(queue);
        cells
    }
}

impl Loss {
    /// Returns a loss with the name of its track or goal. Aliases have neither.
    fn of(lost: Lost) -> Self {
        let track = lost.track.map(|track| track.to_string());
        let what = track.or_else(|| lost.goal.map(|goal| goal.to_string()));
        Self {
            sink: lost.sink.to_string(),
            reason: lost.reason.to_string(),
            what: what.unwrap_or_else(|| "aliases".to_owned()),
            n: lost.n,
        }
    }

    fn number(&self) -> String {
        count(self.n)
    }
}
