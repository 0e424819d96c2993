//! The page with the state of the recorder, and the requests that the layers left out.

use askama::Template;
use axum::{Extension, response::Response};
use serde::Serialize;

use crate::{
    dashboard::{board::Board, responses::Cell, view::LeftOut, visit::Visit},
    figures::count,
    record::Lost,
};

use super::{Frame, Place, document, html, table};

/// The page with the state of the recorder.
#[derive(Template)]
#[template(path = "recorder.html")]
struct Page {
    frame: Frame,
    state: Option<Recording>,
    layers: Vec<LeftOut>,
}

/// The counts of events since this server started.
#[derive(Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Recording {
    sinks: Vec<Sink>,
    lost: Vec<Loss>,
}

/// The counts of events and of requests, as JSON. Without a recorder, there are no sinks.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document {
    #[serde(flatten)]
    recording: Recording,
    /// The requests that the layers left out.
    layers: Vec<LeftOut>,
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
pub(super) async fn page(visit: Extension<Visit>) -> Response {
    html(&Page {
        frame: Frame::new(Place::Recorder, &visit),
        state: Recording::of(&visit.board),
        layers: layers(&visit.board),
    })
}

/// The state of the recorder and of the layers as JSON; `null` without both.
pub(super) async fn json(visit: Extension<Visit>) -> Response {
    let (recording, layers) = (Recording::of(&visit.board), layers(&visit.board));
    let is_known = recording.is_some() || !layers.is_empty();
    document(&is_known.then(|| Document {
        recording: recording.unwrap_or_default(),
        layers,
    }))
}

/// The requests that the layers left out, as CSV.
pub(super) async fn requests(visit: Extension<Visit>) -> Response {
    let columns = ["layer", "since", "set", "reason", "requests"];
    let layers = layers(&visit.board);
    let rows = layers.iter().zip(1_u64..).flat_map(|(layer, number)| {
        let since = layer.since.to_rfc3339();
        let row = move |set: &str, reason: &str, requests| {
            vec![
                Cell::number(number),
                Cell::number(&since),
                Cell::text(set),
                Cell::text(reason),
                Cell::number(requests),
            ]
        };
        let all = row("", "all", layer.requests);
        let rows = layer.rows.iter();
        let rows = rows.map(move |one| {
            row(
                one.set.as_deref().unwrap_or_default(),
                &one.reason,
                one.requests,
            )
        });
        [all].into_iter().chain(rows)
    });
    table(&columns, rows)
}

/// Returns the requests that the layers left out.
fn layers(board: &Board) -> Vec<LeftOut> {
    board.counts.iter().map(LeftOut::of).collect()
}

/// The counts of the sinks as CSV.
pub(super) async fn csv(visit: Extension<Visit>) -> Response {
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
    let recording = Recording::of(&visit.board).unwrap_or_default();
    table(&columns, recording.sinks.iter().map(Sink::cells))
}

impl Recording {
    /// Reads the counts of the recorder, if there is one.
    fn of(board: &Board) -> Option<Self> {
        let recorder = board.recorder.as_ref()?;
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
        Some(Self {
            sinks: recorder.depths().map(sink).collect(),
            lost: recorder.losses().into_iter().map(Loss::of).collect(),
        })
    }
}

impl Sink {
    /// Returns the row of the page, and for each number whether it needs attention.
    fn numbers(&self) -> [(String, bool); 6] {
        let [waiting, capacity] = [self.waiting, self.capacity].map(|n| count(n as u64));
        [
            (count(self.accepted), false),
            (count(self.written), false),
            (count(self.duplicates), false),
            (count(self.dropped), self.dropped > 0),
            (count(self.aside), self.aside > 0),
            (
                format!("{waiting} of {capacity}"),
                self.waiting * 2 > self.capacity,
            ),
        ]
    }

    /// Returns the row of the CSV.
    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.sink),
            Cell::number(self.accepted),
            Cell::number(self.written),
            Cell::number(self.duplicates),
            Cell::number(self.dropped),
            Cell::number(self.aside),
            Cell::number(self.waiting),
            Cell::number(self.capacity),
        ]
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
