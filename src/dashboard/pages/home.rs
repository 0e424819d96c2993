use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    Extension,
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, Uri};
use serde::Serialize;

use crate::{
    dashboard::{
        board::Board,
        known::Known,
        level::Who,
        view::{Headline, Rank, ago, plural, set_up},
    },
    record::Timestamp,
    report::{PhaseReport, Report, Unread, Utc},
};

use super::{Frame, Place, document, html, not_found, see, text, titled};

/// The headers in which proxies send the path that the browser asked for.
const ASKED: [&str; 2] = ["x-original-uri", "x-forwarded-uri"];

/// The longest path that a page repeats and leads back from, in bytes.
const LONGEST: usize = 200;

/// All sets.
#[derive(Template)]
#[template(path = "dashboard/home.html")]
struct Home<'a> {
    frame: Frame,
    groups: Vec<(&'static str, Vec<Entry<'a>>)>,
    unread: &'a [Unread],
    set_up: Vec<String>,
}

/// A set in the list: its latest phase.
struct Entry<'a> {
    phase: &'a PhaseReport,
    headline: Headline,
    is_paused: bool,
    units: String,
    as_of: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    read_at: Option<Utc>,
    missing: Option<String>,
    set_up: Vec<String>,
    sets: Vec<Summary>,
    report: &'a Report,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Summary {
    set: String,
    phase: u32,
    paused: bool,
    headline: Headline,
}

/// Sends whoever asks for the dashboard as such to its first page, from which relative links lead
/// to the others.
pub(super) async fn root(OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    see(&first_page(asked_path(&headers).unwrap_or(uri.path())))
}

pub(super) async fn page(
    State(board): State<Arc<Board>>,
    Extension(who): Extension<Who>,
) -> Response {
    let known = board.known();
    let mut groups: BTreeMap<Rank, Vec<Entry<'_>>> = BTreeMap::new();
    for phase in latest(&known) {
        let entry = Entry::new(phase, &board);
        groups.entry(entry.headline.rank).or_default().push(entry);
    }
    let titled = |(rank, sets): (Rank, _)| (rank.title(), sets);
    html(&Home {
        frame: Frame::new(Place::Sets, &board, &known, who),
        groups: groups.into_iter().map(titled).collect(),
        unread: &known.report.unread,
        set_up: set_up(&board.counts),
    })
}

/// Answers whatever no route does.
///
/// The way back from a path grows with it, so a long path gets a page without links.
pub(super) async fn other(
    State(board): State<Arc<Board>>,
    uri: Uri,
    Extension(who): Extension<Who>,
) -> Response {
    let path = uri.path();
    if path.len() > LONGEST {
        return (
            StatusCode::NOT_FOUND,
            titled("Not found", "There is no such page."),
        )
            .into_response();
    }
    let frame = Frame::new(Place::Elsewhere, &board, &board.known(), who);
    not_found(frame.at(path), &format!("There is no page {path}."))
}

pub(super) async fn json(State(board): State<Arc<Board>>) -> Response {
    let known = board.known();
    let summary = |phase: &PhaseReport| Summary {
        set: phase.set.clone(),
        phase: phase.phase,
        paused: board.acts.is_paused(&phase.set),
        headline: Headline::of(phase),
    };
    document(&Document {
        read_at: known.read_at.map(Utc),
        missing: board.missing(&known),
        set_up: set_up(&board.counts),
        sets: latest(&known).into_iter().map(summary).collect(),
        report: &known.report,
    })
}

pub(super) async fn csv(State(board): State<Arc<Board>>) -> Response {
    text(board.known().report.to_csv())
}

impl<'a> Entry<'a> {
    fn new(phase: &'a PhaseReport, board: &Board) -> Self {
        Self {
            headline: Headline::of(phase),
            is_paused: board.acts.is_paused(&phase.set),
            units: plural(phase.units, "unit"),
            as_of: ago(phase.as_of.0, Timestamp::now()),
            phase,
        }
    }
}

/// Returns the path that the browser asked for, where a proxy that may have renamed it says so.
///
/// Whoever forges it misleads nobody else: it decides where a relative redirect leads.
fn asked_path(headers: &HeaderMap) -> Option<&str> {
    let asked = ASKED.iter().find_map(|name| headers.get(*name))?;
    asked.to_str().ok()?.split(['?', '#']).next()
}

/// Returns the way from a path to the first page, which is below it, with or without a final slash.
fn first_page(path: &str) -> String {
    match path.rsplit('/').next() {
        None | Some("") => "sets".to_owned(),
        Some(last) => format!("./{last}/sets"),
    }
}

/// Returns the latest phase of each set, by name.
fn latest(known: &Known) -> Vec<&PhaseReport> {
    let mut latest: BTreeMap<&str, &PhaseReport> = BTreeMap::new();
    for phase in &known.report.phases {
        let of_set = latest.entry(&phase.set).or_insert(phase);
        if phase.phase > of_set.phase {
            *of_set = phase;
        }
    }
    latest.into_values().collect()
}
