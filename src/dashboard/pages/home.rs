//! The list of all sets, as a page, JSON and CSV.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    Extension,
    extract::{OriginalUri, Query},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, Uri};
use serde::{Deserialize, Serialize};

use crate::{
    dashboard::{
        ended::Ended,
        view::{Headline, Rank, ago, set_up},
        visit::Visit,
    },
    figures::{count, percent, plural},
    report::{PhaseReport, Report, Unread, Utc, discovery_rates, phases_to_csv},
    store::Timestamp,
};

use super::{Frame, Part, Place, document, html, not_found, see, text, titled};

/// The headers in which proxies send the path that the browser requested.
const ASKED: [&str; 2] = ["x-original-uri", "x-forwarded-uri"];

/// The maximum length in bytes of a path that a page repeats.
const LONGEST: usize = 200;

/// The number of sets on a page, and of phases in a part as JSON and CSV.
const SETS: usize = 200;

/// The number of goals of several phases in a part as JSON and CSV.
const GOALS: usize = 5_000;

/// The page with all sets.
#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    frame: Frame,
    groups: Vec<Group<'a>>,
    shown: Part,
    /// The number of ended tests in words, if there are any.
    ended: Option<String>,
    unread: &'a [Unread],
    invalid: &'a [String],
    /// The number of further phases that could not be read, if there are any.
    more_unread: Option<String>,
    set_up: Vec<String>,
}

/// The sets of one rank that are on a page, and how many there are in all.
struct Group<'a> {
    title: &'static str,
    all: String,
    sets: Vec<Entry<'a>>,
}

/// A set in the list: its latest phase.
struct Entry<'a> {
    phase: &'a PhaseReport,
    headline: Headline,
    is_paused: bool,
    units: String,
    as_of: String,
    /// How many of the findings of all running tests that are at least as clear may be false.
    discovery: Option<String>,
}

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

/// The query: the index of the first item of a page or part.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) from: usize,
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

/// Redirects from the root to the first page, whose relative links lead to the other pages.
pub(super) async fn root(OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    see(&first_page(asked_path(&headers).unwrap_or(uri.path())))
}

/// The page with all sets, grouped by their state.
pub(super) async fn page(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    let (going, ended) = going(&visit);
    let (groups, shown) = groups(going, &visit, asked.from);
    let Report {
        unread, invalid, ..
    } = &*visit.known.report;
    let few = unread.get(..SETS).unwrap_or(unread);
    let more_unread = unread.len() - few.len();
    html(&Home {
        frame: Frame::new(Place::Sets, &visit),
        groups,
        shown,
        ended: (ended > 0).then(|| plural(ended as u64, "test")),
        unread: few,
        more_unread: (more_unread > 0).then(|| count(more_unread as u64)),
        invalid,
        set_up: set_up(&visit.board.counts),
    })
}

/// Returns the latest phases of the sets that go on, by name, and the number of ended tests.
fn going(visit: &Visit) -> (Vec<&PhaseReport>, usize) {
    let mut sets: Vec<&PhaseReport> = latest(&visit.known.report).into_values().collect();
    let all = sets.len();
    sets.retain(|phase| Ended::of(phase, &visit.board).is_none());
    let ended = all - sets.len();
    (sets, ended)
}

/// Returns the sets of a page, by rank and then by name.
fn groups<'v>(sets: Vec<&'v PhaseReport>, visit: &Visit, from: usize) -> (Vec<Group<'v>>, Part) {
    let rates = discovery_rates(sets.iter().copied());
    let mut ranked: BTreeMap<Rank, Vec<&PhaseReport>> = BTreeMap::new();
    for phase in sets {
        // All sets are ranked, also those of other pages: the rank decides which page a set is on.
        let rank = Headline::of(phase).rank;
        ranked.entry(rank).or_default().push(phase);
    }
    let part = Part::of(from, ranked.values().map(Vec::len).sum(), SETS);
    let mut first = 0;
    let groups = ranked.into_iter().map(|(rank, phases)| {
        let skipped = part.range.start.saturating_sub(first);
        let taken = part.range.end.saturating_sub(first.max(part.range.start));
        first += phases.len();
        Group {
            title: rank.title(),
            all: count(phases.len() as u64),
            sets: (phases.into_iter().skip(skipped).take(taken))
                .map(|phase| Entry::new(phase, rates.get(&*phase.set).copied(), visit))
                .collect(),
        }
    });
    (
        groups.filter(|group| !group.sets.is_empty()).collect(),
        part,
    )
}

/// Responds to paths without a route.
///
/// The way back from a path grows with it, so a long path gets a page without links.
pub(super) async fn other(visit: Extension<Visit>, uri: Uri) -> Response {
    let path = uri.path();
    if path.len() > LONGEST {
        let page = titled("Not found", "There is no such page.");
        return (StatusCode::NOT_FOUND, page).into_response();
    }
    let frame = Frame::new(Place::Elsewhere, &visit);
    not_found(frame.at(path), &format!("There is no page {path}."))
}

/// A part of all phases as JSON, with the address of the next part in the header `Link`.
pub(super) async fn json(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
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
pub(super) async fn csv(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
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
    let part = Part::from(from, all, SETS).with_goals(phases, GOALS);
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

impl<'a> Entry<'a> {
    /// Returns the entry of a set by its latest phase.
    fn new(phase: &'a PhaseReport, rate: Option<f64>, visit: &Visit) -> Self {
        Self {
            discovery: rate.map(|rate| {
                format!(
                    "Among the findings of all running tests that are at least as clear, at most {} are expected to be false.",
                    percent(rate)
                )
            }),
            headline: Headline::of(phase),
            is_paused: visit.board.is_paused(&phase.set),
            units: plural(phase.units, "unit"),
            as_of: ago(phase.as_of.0, Timestamp::now()),
            phase,
        }
    }
}

/// Returns the path that the browser requested, if a proxy that may have renamed it sends it.
///
/// A client that forges it affects only itself: it decides where a relative redirect leads.
fn asked_path(headers: &HeaderMap) -> Option<&str> {
    let asked = ASKED.iter().find_map(|name| headers.get(*name))?;
    asked.to_str().ok()?.split(['?', '#']).next()
}

/// Returns the way from a path to the first page, which is below it, with or without a final slash.
fn first_page(path: &str) -> String {
    match path.rsplit('/').next() {
        None | Some("") => "sets".to_owned(),
        // Without the dot, a browser would read a segment with a colon as a scheme (RFC 3986,
        // section 4.2).
        Some(last) => format!("./{last}/sets"),
    }
}

/// Returns the latest phase of each set, by name.
pub(super) fn latest(report: &Report) -> BTreeMap<&str, &PhaseReport> {
    // Phases are sorted by set and number, so the latest one of a set is the one that stays.
    let phases = report.phases.iter();
    phases.map(|phase| (&*phase.set, phase)).collect()
}
