//! All changes of running tests, as a page, JSON and CSV.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{Extension, extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use crate::{
    control::{Act, Change, Controls, Snapshot, Step},
    dashboard::{
        responses::Cell,
        view::{Difference, Tone, differences, in_words},
        visit::Visit,
    },
    figures::count,
    report::Utc,
};

use super::{Frame, Part, Place, document, encoded, html, log, table};

/// The number of changes on a page, and in a part as JSON and CSV.
const CHANGES: usize = 200;

/// The number of sets on a page that have no page of results yet.
const SETS: usize = 200;

/// The query: a set, all sets otherwise, and the index of the first change, the latest first.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    set: String,
    #[serde(default)]
    from: usize,
}

/// The page with the changes.
#[derive(Template)]
#[template(path = "changes.html")]
struct Page<'a> {
    frame: Frame,
    asked: &'a Asked,
    has_controls: bool,
    trouble: Option<String>,
    rows: Vec<Row>,
    shown: Part,
    /// The sets of this program that no report has, and the number of further ones.
    unreported: Vec<String>,
    more_unreported: Option<String>,
}

/// The same as JSON.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document {
    missing: Option<String>,
    changes: Vec<Row>,
    /// The index of the first change of the next part, if there is one.
    next: Option<usize>,
}

/// A change, and what became of it in this program.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    number: u64,
    set: String,
    phase: u32,
    act: &'static str,
    #[serde(flatten)]
    values: Values,
    words: String,
    /// What it changed; empty where this program does not know the set.
    differences: Vec<Difference>,
    author: String,
    reason: String,
    at: Utc,
    effective_at: Utc,
    state: Standing,
    /// Why it has no effect here.
    why: Option<String>,
    /// Whether the phase has a page.
    #[serde(skip)]
    has_page: bool,
}

/// The values of an act, with times as they are in the other documents of the dashboard.
#[derive(Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Values {
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<StepValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<u64>,
}

#[derive(Serialize)]
struct StepValue {
    at: Utc,
    share: f64,
}

/// What became of a change in this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Standing {
    /// It counts, unless a later one takes its place.
    Counts,
    /// It is not in force yet.
    Coming,
    /// It waits for approval.
    Pending,
    /// It has no effect.
    Void,
    /// The set or the phase is not in this program.
    Elsewhere,
}

/// The page with the changes.
pub(super) async fn page(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    write(visit, asked, |visit, asked| {
        let (rows, shown) = rows(visit, asked, Part::of);
        let mut unreported = unreported(visit);
        let more = unreported.len().saturating_sub(SETS);
        unreported.truncate(SETS);
        html(&Page {
            frame: Frame::new(Place::Changes, visit),
            asked,
            has_controls: visit.board.has_controls(),
            trouble: trouble(visit),
            rows,
            shown,
            unreported,
            more_unreported: (more > 0).then(|| count(more as u64)),
        })
    })
    .await
}

/// A part of the changes as JSON, with the address of the next part in the header `Link`.
pub(super) async fn json(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    write(visit, asked, |visit, asked| {
        let (changes, part) = rows(visit, asked, Part::from);
        let document = document(&Document {
            missing: trouble(visit),
            changes,
            next: part.later(),
        });
        part.linked(&asked.address("changes.json"), document)
    })
    .await
}

/// A part of the changes as CSV, with the address of the next part in the header `Link`.
pub(super) async fn csv(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    let columns = [
        "number",
        "set",
        "phase",
        "act",
        "words",
        "author",
        "at",
        "effective_at",
        "reason",
        "state",
        "why",
    ];
    write(visit, asked, move |visit, asked| {
        let (rows, part) = rows(visit, asked, Part::from);
        let table = table(&columns, rows.iter().map(Row::cells));
        part.linked(&asked.address("changes.csv"), table)
    })
    .await
}

/// Writes a response, on a thread of its own if there are very many changes.
async fn write(
    Extension(visit): Extension<Visit>,
    asked: Asked,
    body: impl FnOnce(&Visit, &Asked) -> Response + Send + 'static,
) -> Response {
    let controls = visit.board.controls.as_ref();
    let all = controls.map_or(0, |controls| controls.read(<[Change]>::len));
    let board = Arc::clone(&visit.board);
    board.write(all, move || body(&visit, &asked)).await
}

fn trouble(visit: &Visit) -> Option<String> {
    visit.board.controls.as_ref().and_then(log::trouble)
}

/// Returns the changes of a part, the latest first.
fn rows(visit: &Visit, asked: &Asked, part: fn(usize, usize, usize) -> Part) -> (Vec<Row>, Part) {
    let Some(controls) = &visit.board.controls else {
        return (Vec::new(), part(0, 0, CHANGES));
    };
    // Before the changes are read, since both need the lock of what is known.
    let set = controls.set(&asked.set).ok();
    let set = set.map(|control| control.snapshot().set);
    let is_named = |name: &str| match &set {
        Some(set) => set.is_named(name),
        None => name == asked.set,
    };
    let is_asked = |change: &&Change| asked.set.is_empty() || is_named(&change.set);
    let (changes, part) = controls.read(|changes| {
        let found: Vec<&Change> = changes.iter().rev().filter(is_asked).collect();
        let part = part(asked.from, found.len(), CHANGES);
        let found = found.get(part.range.clone()).unwrap_or_default();
        let changes: Vec<Change> = found.iter().map(|change| (*change).clone()).collect();
        (changes, part)
    });
    let mut sets = Sets::new(controls);
    let mut rows: Vec<Row> = changes.into_iter().map(|change| sets.row(change)).collect();
    let report = &visit.known.report;
    for row in &mut rows {
        // Also of a test that has ended, whose set is in no program any more.
        row.has_page |= report.phase(&row.set, row.phase).is_some();
    }
    (rows, part)
}

/// Returns the sets of this program that no report has, and that have no other way to their pages.
fn unreported(visit: &Visit) -> Vec<String> {
    let controls = visit.board.controls.as_ref();
    let mut sets = controls.map(Controls::sets).unwrap_or_default();
    sets.retain(|set| visit.known.report.latest(set).is_none());
    sets.sort_unstable();
    sets.dedup();
    sets
}

/// The sets of this program, each read once.
struct Sets<'a> {
    controls: &'a Controls,
    read: BTreeMap<String, Option<Snapshot>>,
}

impl<'a> Sets<'a> {
    fn new(controls: &'a Controls) -> Self {
        let read = BTreeMap::new();
        Self { controls, read }
    }

    fn row(&mut self, change: Change) -> Row {
        let controls = self.controls;
        let read = self.read.entry(change.set.clone());
        let read = read.or_insert_with_key(|set| Some(controls.set(set).ok()?.snapshot()));
        Row::new(change, read.as_ref())
    }
}

impl Row {
    fn new(change: Change, snapshot: Option<&Snapshot>) -> Self {
        let (state, why) = standing(&change, snapshot);
        Self {
            number: change.number,
            phase: change.phase,
            act: change.act.name(),
            words: in_words(&change.act),
            differences: snapshot.map_or_else(Vec::new, |set| made(&change, set)),
            values: Values::of(change.act),
            set: change.set,
            author: change.author,
            reason: change.reason,
            at: Utc(change.at),
            effective_at: Utc(change.effective_at),
            state,
            why,
            has_page: state != Standing::Elsewhere,
        }
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::number(self.number),
            Cell::text(&self.set),
            Cell::number(self.phase),
            Cell::number(self.act),
            Cell::text(&self.words),
            Cell::text(&self.author),
            Cell::number(self.at),
            Cell::number(self.effective_at),
            Cell::text(&self.reason),
            Cell::number(self.state.name()),
            Cell::text(self.why.as_deref().unwrap_or_default()),
        ]
    }
}

/// Returns what became of a change, and why.
fn standing(change: &Change, snapshot: Option<&Snapshot>) -> (Standing, Option<String>) {
    let Some(set) = snapshot else {
        let why = "no layer of this program has the set".to_owned();
        return (Standing::Elsewhere, Some(why));
    };
    let phase = set.set.phase();
    if change.phase != phase {
        let why = format!("this program runs phase {phase}");
        return (Standing::Elsewhere, Some(why));
    }
    let mut void = set.state.void.iter();
    match void.find(|(number, _)| *number == change.number) {
        Some((_, void)) => (Standing::Void, Some(void.to_string())),
        None if set.state.pending.contains(&change.number) => (Standing::Pending, None),
        None if change.effective_at > set.now => (Standing::Coming, None),
        None => (Standing::Counts, None),
    }
}

/// Returns what a change made of the set when it came into force.
fn made(change: &Change, set: &Snapshot) -> Vec<Difference> {
    let mut changes = set.changes.iter();
    let Some(index) = changes.position(|known| known.number == change.number) else {
        return Vec::new();
    };
    let [before, after] = [index, index + 1].map(|n| set.state_at(n, change.effective_at));
    differences(&set.set, &before, &after)
}

impl Values {
    fn of(act: Act) -> Self {
        let values = Self::default();
        match act {
            Act::Share { share, .. } => Self {
                share: Some(share),
                ..values
            },
            Act::Ramp { steps, .. } => Self {
                steps: Some(steps.iter().map(StepValue::of).collect()),
                ..values
            },
            Act::Ship { track } => Self {
                track: Some(track.into_owned()),
                ..values
            },
            Act::Exclude { from, until } => Self {
                from: Some(Utc(from)),
                until: Some(Utc(until)),
                ..values
            },
            Act::Approve { change } => Self {
                change: Some(change),
                ..values
            },
            Act::Pause | Act::Resume | Act::Close | Act::Reset => values,
        }
    }
}

impl StepValue {
    fn of(step: &Step) -> Self {
        let (at, share) = (Utc(step.at), step.share);
        Self { at, share }
    }
}

impl Standing {
    fn name(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Coming => "coming",
            Self::Pending => "pending",
            Self::Void => "void",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// Returns the words of the page.
    fn words(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Coming => "coming",
            Self::Pending => "waits for approval",
            Self::Void => "no effect",
            Self::Elsewhere => "not in this program",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Counts => Tone::Good,
            Self::Coming | Self::Elsewhere => Tone::Calm,
            Self::Pending | Self::Void => Tone::Warn,
        }
    }
}

impl Asked {
    /// Returns the address of a format, to which the first change is added.
    fn address(&self, format: &str) -> String {
        match &*self.set {
            "" => format!("{format}?"),
            set => format!("{format}?set={}&", encoded(set)),
        }
    }
}
