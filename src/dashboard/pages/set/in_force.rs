//! What the code and its changes make of a set, and the buttons that change it.

use askama::Template;

use crate::{
    control::{Act, Change, Mode, Snapshot},
    dashboard::{
        pages::{change::Kind, log},
        view::{Facet, Tone, facets, in_words, mode},
        visit::Visit,
    },
    report::Utc,
};

/// The section of a set's page.
#[derive(Template)]
#[template(path = "set/in_force.html")]
pub(super) struct InForce {
    set: String,
    /// The phase that the program runs, which changes are about.
    phase: u32,
    /// Whether the page is about another phase.
    is_elsewhere: bool,
    trouble: Option<String>,
    state: &'static str,
    tone: Tone,
    /// A pause that no change has made.
    other_pause: Option<&'static str>,
    rows: Vec<Row>,
    coming: Vec<String>,
    pending: Vec<Pending>,
    void: Vec<String>,
    kinds: Vec<Kind>,
    /// Why no track can be shipped.
    unshippable: Option<String>,
    may_act: bool,
}

/// A facet of the set, and the changes that decide it.
struct Row {
    name: &'static str,
    value: String,
    by: Vec<String>,
}

/// A change that waits for approval.
struct Pending {
    number: u64,
    words: String,
    is_by_reader: bool,
}

impl InForce {
    /// Returns the section for a phase; `None` if no layer with controls has the set.
    pub(super) fn of(set: &str, phase: u32, visit: &Visit) -> Option<Self> {
        let controls = visit.board.controls.as_ref()?;
        let snapshot = controls.set(set).ok()?.snapshot();
        let in_force = controls.mode(set).unwrap_or(snapshot.state.mode);
        let author = visit.who.name.as_deref();
        Some(Self {
            set: set.to_owned(),
            phase: snapshot.set.phase(),
            is_elsewhere: snapshot.set.phase() != phase,
            trouble: log::trouble(controls),
            state: mode(in_force),
            tone: tone(in_force),
            other_pause: other_pause(set, in_force, &snapshot, visit),
            rows: rows(&snapshot),
            coming: coming(&snapshot),
            pending: pending(&snapshot, author),
            void: void(&snapshot),
            kinds: Kind::possible(&snapshot).collect(),
            unshippable: unshippable(&snapshot),
            may_act: author.is_some(),
        })
    }
}

fn tone(mode: Mode) -> Tone {
    match mode {
        Mode::Paused => Tone::Warn,
        Mode::Shipped(_) => Tone::Calm,
        Mode::Code | Mode::Share(_) => Tone::Good,
    }
}

/// Returns the reason of a pause that no change of the set has made.
fn other_pause(
    set: &str,
    in_force: Mode,
    snapshot: &Snapshot,
    visit: &Visit,
) -> Option<&'static str> {
    if visit.board.acts.is_paused(set) {
        return Some(
            "This server pauses the set by itself, by TRACKS_OFF or on the page of pauses. No change ends \
             that.",
        );
    }
    let waits = in_force == Mode::Paused && snapshot.state.paused.is_none();
    waits.then_some("The set is paused on this server until the log of changes was read.")
}

/// Returns the facets that a reader has to know, with the changes that decide them.
fn rows(snapshot: &Snapshot) -> Vec<Row> {
    let facets = facets(&snapshot.set, &snapshot.state).into_iter();
    let shown = facets.filter(|facet| !facet.is_usual);
    shown.map(|facet| Row::of(facet, snapshot)).collect()
}

impl Row {
    fn of(facet: Facet, snapshot: &Snapshot) -> Self {
        let closing = snapshot.changes.iter().find(|change| {
            let is_closing = change.act == Act::Close && facet.name == "Enrolment";
            is_closing && Some(change.effective_at) == snapshot.state.closed_at
        });
        let by = facet.by.iter().filter_map(|by| snapshot.change(*by));
        Self {
            name: facet.name,
            by: by.chain(closing).map(who).collect(),
            value: facet.value,
        }
    }
}

/// Returns who made a change, when and why.
fn who(change: &Change) -> String {
    let Change {
        number,
        author,
        reason,
        ..
    } = change;
    format!(
        "Change {number}, by {author} at {}: {reason}",
        Utc(change.at)
    )
}

/// Returns a change with who made it.
fn told(change: &Change) -> String {
    let Change {
        number,
        author,
        reason,
        ..
    } = change;
    let words = in_words(&change.act);
    format!("Change {number}: {words}, by {author}: {reason}")
}

/// Returns the changes that are made and not in force yet.
fn coming(snapshot: &Snapshot) -> Vec<String> {
    let state = &snapshot.state;
    let is_void = |number: u64| state.void.iter().any(|(void, _)| *void == number);
    let is_coming = |change: &&Change| {
        let has_effect = !is_void(change.number) && !state.pending.contains(&change.number);
        has_effect && change.effective_at > snapshot.now
    };
    let coming = snapshot.changes.iter().filter(is_coming);
    let words = |change: &Change| {
        let micros = change
            .effective_at
            .as_micros()
            .saturating_sub(snapshot.now.as_micros());
        // Rounded up, so that nothing is announced for a moment that is over.
        let seconds = micros.max(0).unsigned_abs().div_ceil(1_000_000);
        let seconds = crate::figures::plural(seconds, "second");
        format!(
            "{}. In force in {seconds}, on all nodes together",
            told(change)
        )
    };
    coming.map(words).collect()
}

fn pending(snapshot: &Snapshot, reader: Option<&str>) -> Vec<Pending> {
    let changes = snapshot.state.pending.iter();
    let changes = changes.filter_map(|number| snapshot.change(*number));
    let is_refused =
        |change: u64, reader| snapshot.outlook(Act::Approve { change }, reader).is_err();
    let pending = changes.map(|change| Pending {
        number: change.number,
        words: told(change),
        is_by_reader: reader.is_some_and(|reader| is_refused(change.number, reader)),
    });
    pending.collect()
}

/// Returns the changes without effect, and why.
fn void(snapshot: &Snapshot) -> Vec<String> {
    let void = snapshot.state.void.iter();
    let void = void.filter_map(|(number, why)| {
        let change = snapshot.change(*number)?;
        Some(format!("{}. It has no effect: {why}", told(change)))
    });
    void.collect()
}

fn unshippable(snapshot: &Snapshot) -> Option<String> {
    let track = snapshot.set.tracks().first()?.name().to_owned().into();
    let refused = snapshot.outlook(Act::Ship { track }, "anybody").err()?;
    Some(format!("No track can be shipped: {refused}."))
}
