//! The text of a question: the fold of `store::attribution`, as one statement over tables.
//!
//! The common table expressions, in their order:
//!
//! name | rows
//! --- | ---
//! `gone` | the erased units, with the time up to which their facts are deleted
//! `facts` | the exposures of the phase before the time of the question, by the numbers of their tracks
//! `ranked` | the same, in the order in which one of several exposures of a unit counts
//! `firsts` | the first exposure of each unit, and when it was exposed to another track
//! `exposed` | its cohort: day, side of the coin, definition, segment, and whether it is left out
//! `own` | each conversion once
//! `since`, `aliased` | the conversions of users, for their visitors
//! `reached` | both, each once for a unit
//! `asked` | the goals of the question, one row for each goal that it reads
//! `tallied` | the totals of each unit that reached a goal
//! `totals` | the same, within their limits
//!
//! No new column has the name of one that it is made from: some engines would take the new one for the old.

use std::fmt::Write;

use crate::{
    assign::{is_set_name, is_track_name},
    store::{Definition, Phase, PhaseName, Question},
};

use super::{
    asked::digest,
    columns::{ALL_ROWS, FORMAT, Row},
    dialect::Dialect,
    error::WarehouseError,
};

/// The columns of a cohort.
pub(super) const COHORT: &str =
    "track_at, coin_at, day_at, is_crossed, crossed_day, definition_at, segment_at";

/// The longest time that is added to another one, in microseconds: three thousand years. With the times of this
/// age, sums stay within 64 bits.
pub(super) const LONGEST: u128 = 100_000_000_000_000_000;

/// Returns the SQL of a question. Save its result as CSV with a header, and read it with
/// [`Cells`](super::Cells).
///
/// `phases` are the phases of the store, as [`Store::phases`] returns them. The SQL contains the tracks and
/// definitions of the question's phase, and the time of the question. So write it again for each answer.
///
/// ```
/// use tower_tracks::{
///     Goal,
///     store::{AskedGoal, Measure, Phase, PhaseName, Question, Timestamp, TrackName},
///     warehouse::{Dialect, sql},
/// };
///
/// let name = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
/// let mut phase = Phase::new(name.clone());
/// phase.tracks = ["control", "long"]
///     .map(|track| TrackName {
///         phase: name.clone(),
///         track: track.into(),
///         control: track == "control",
///     })
///     .to_vec();
/// let bought = AskedGoal::new(Goal::new("bought")?, Measure::Rate);
/// let question = Question::new(name, Timestamp::from_micros(1_773_000_000_000_000)).goal(bought);
/// let text = sql(&question, &[phase], Dialect::Spark)?;
/// assert!(text.contains("FROM exposure AS x"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// If a name is invalid, or if none of the phases has a track.
///
/// [`Store::phases`]: crate::store::Store::phases
pub fn sql(
    question: &Question,
    phases: &[Phase],
    dialect: Dialect,
) -> Result<String, WarehouseError> {
    let text = Text::new(question, phases, dialect)?;
    Ok(text.write())
}

/// A question with all that its text needs.
pub(super) struct Text<'q> {
    pub(super) question: &'q Question,
    pub(super) dialect: Dialect,
    /// Under each name of the question, in its order: the name, and the definitions under it.
    pub(super) named: Vec<(&'q PhaseName, Vec<&'q Definition>)>,
    /// The names of tracks. The number of a track is its index, so numbers are in the order of names.
    pub(super) tracks: Vec<&'q str>,
    /// All definitions once, the earliest first, then by fingerprint.
    pub(super) definitions: Vec<&'q Definition>,
}

impl<'q> Text<'q> {
    fn new(
        question: &'q Question,
        phases: &'q [Phase],
        dialect: Dialect,
    ) -> Result<Self, WarehouseError> {
        if let Some(message) = unanswered(question) {
            return Err(WarehouseError::new(message.to_owned()));
        }
        let names: Vec<&PhaseName> = question.names().collect();
        for name in &names {
            check(&name.set, is_set_name)?;
            check(&name.kind, is_set_name)?;
        }
        let of = |name: &PhaseName| {
            let is_it =
                |phase: &&Phase| (&phase.name.set, phase.name.phase) == (&name.set, name.phase);
            phases.iter().find(is_it)
        };
        let known = || names.iter().filter_map(|name| of(name));
        let tracks = known().flat_map(|phase| &phase.tracks);
        let mut tracks: Vec<&str> = tracks.map(|track| &*track.track).collect();
        tracks.sort_unstable();
        tracks.dedup();
        tracks
            .iter()
            .try_for_each(|track| check(track, is_track_name))?;
        if tracks.is_empty() {
            let message = format!("the store has no tracks of {}", question.phase);
            return Err(WarehouseError::new(message));
        }
        let mut definitions: Vec<&Definition> =
            known().flat_map(|phase| &phase.definitions).collect();
        definitions.sort_by_key(|known| (known.first_at, known.fingerprint));
        let mut listed: Vec<&Definition> = Vec::new();
        for definition in definitions {
            if listed
                .iter()
                .all(|known| known.fingerprint != definition.fingerprint)
            {
                listed.push(definition);
            }
        }
        let own = |name: &PhaseName| {
            of(name).map_or(Vec::new(), |phase| phase.definitions.iter().collect())
        };
        Ok(Self {
            question,
            dialect,
            named: names.iter().map(|name| (*name, own(name))).collect(),
            tracks,
            definitions: listed,
        })
    }

    fn write(&self) -> String {
        let mut text = self.head();
        let tables = [
            self.gone(),
            self.facts(),
            self.ranked(),
            self.firsts(),
            self.exposed(),
            self.own(),
            self.reached(),
            self.asked(),
            self.tallied(),
            self.totals(),
        ];
        let _ = write!(text, "WITH {}\n{}\n", tables.join(",\n"), self.answer());
        text
    }

    /// Returns the comment with the phase, the time and the dialect.
    fn head(&self) -> String {
        let Self {
            question, dialect, ..
        } = self;
        let tested = match dialect.is_tested() {
            true => "",
            false => ". NOT TESTED: no engine of this dialect was compared with the stores",
        };
        format!(
            "-- tower-tracks: the cells of {}, up to {}, in the dialect {dialect}{tested}\n",
            question.phase, question.as_of
        )
    }

    /// All rows of the answer.
    fn answer(&self) -> String {
        let mut rows = vec![self.question_row()];
        rows.extend(self.definition_rows());
        rows.extend(self.unit_rows());
        rows.push(self.left_out_row());
        rows.push(self.goal_row());
        // Each row has the number of all rows, so that the reader notices a lost row.
        let count = self.dialect.int("count(*) OVER ()");
        let rows = rows.join("\nUNION ALL ");
        format!("SELECT answer.*, {count} AS {ALL_ROWS} FROM (\n{rows}) AS answer")
    }

    /// The row that each answer has, with the number of exposures to tracks that the text does not know.
    fn question_row(&self) -> String {
        let mut row = self.row("question");
        row.set("units", "(SELECT count(*) FROM facts WHERE track_no < 0)");
        row.select(None)
    }

    fn definition_rows(&self) -> Vec<String> {
        let definitions = self.definitions.iter().enumerate();
        let row = |(index, definition): (usize, &&Definition)| {
            let mut row = self.row("definition");
            row.set("ix", &index.to_string());
            row.set("name", &format!("'{}'", hex(&definition.fingerprint)));
            row.select(None)
        };
        definitions.map(row).collect()
    }

    /// The numbers of units, for each length of a window with those whose windows are over.
    fn unit_rows(&self) -> Vec<String> {
        let mut windows: Vec<u128> = Vec::new();
        for goal in &self.question.goals {
            let window = goal.window.as_micros().min(LONGEST);
            if !windows.contains(&window) {
                windows.push(window);
            }
        }
        let as_of = self.question.as_of.as_micros();
        let closed =
            |window: u128| format!("sum(CASE WHEN met_at + {window} <= {as_of} THEN 1 ELSE 0 END)");
        let lengths = windows
            .iter()
            .map(|window| (window.to_string(), closed(*window)));
        // Without a goal, the units are counted all the same.
        let mut all: Vec<_> = lengths.collect();
        if all.is_empty() {
            all.push(("0".to_owned(), "0".to_owned()));
        }
        let row = |(window, closed): (String, String)| {
            let mut row = self.row("units");
            row.cohort(&self.tracks);
            row.set("lasts", &window);
            row.set("units", "count(*)");
            row.set("closed_units", &closed);
            row.set("first_at", "min(met_at)");
            row.set("last_at", "max(met_at)");
            row.select(Some(&format!(
                "exposed WHERE left_out = 0 GROUP BY {COHORT}"
            )))
        };
        all.into_iter().map(row).collect()
    }

    fn left_out_row(&self) -> String {
        let mut row = self.row("left-out");
        row.set("ix", "left_out");
        row.set("units", "count(*)");
        row.select(Some("exposed WHERE left_out > 0 GROUP BY left_out"))
    }

    fn goal_row(&self) -> String {
        let square = |one: &str, other: &str| {
            format!("sum({})", self.dialect.decimal(&format!("{one} * {other}")))
        };
        let size = |of: &str| format!("CASE WHEN {of} < 0 THEN -{of} ELSE {of} END");
        let mut row = self.row("goal");
        row.cohort(&self.tracks);
        for (column, value) in [
            ("ix", "ix".to_owned()),
            ("closed_units", "is_closed".to_owned()),
            ("units", "count(*)".to_owned()),
            (
                "converters",
                "sum(CASE WHEN hits > 0 THEN 1 ELSE 0 END)".to_owned(),
            ),
            ("total", "sum(y)".to_owned()),
            ("total_sq", square("y", "y")),
            ("total_abs", format!("sum({})", size("y"))),
            ("largest", format!("max({})", size("y"))),
            ("capped", "sum(is_capped)".to_owned()),
            ("second", "sum(d)".to_owned()),
            ("second_sq", square("d", "d")),
            ("largest_second", format!("max({})", size("d"))),
            (
                "with_second",
                "sum(CASE WHEN d <> 0 THEN 1 ELSE 0 END)".to_owned(),
            ),
            ("product", square("y", "d")),
            ("matched", "sum(matched_of)".to_owned()),
            ("shortly_before", "sum(shortly_of)".to_owned()),
        ] {
            row.set(column, &value);
        }
        row.select(Some(&format!("totals GROUP BY ix, is_closed, {COHORT}")))
    }

    /// Returns a row that belongs to this question.
    fn row(&self, part: &str) -> Row {
        let Question { phase, as_of, .. } = self.question;
        let mut row = Row::new(self.dialect);
        row.set("cells", &format!("'{FORMAT}'"));
        row.set("question", &format!("'{}'", digest(self.question)));
        row.set("set_name", &format!("'{}'", phase.set));
        row.set("phase_no", &phase.phase.to_string());
        row.set("as_of", &as_of.as_micros().to_string());
        row.set("part", &format!("'{part}'"));
        row
    }
}

/// Returns why an engine is not asked a question; `None` if it is.
pub(super) fn unanswered(question: &Question) -> Option<&'static str> {
    match question {
        _ if !question.beside.is_empty() => Some("a question about two phases has no statement"),
        _ if question.goals.iter().any(|goal| goal.sizes) => {
            Some("a question about the sizes of totals has no statement")
        }
        _ => None,
    }
}

/// Returns an error unless a name is one that a text may have.
fn check(name: &str, is_name: fn(&str) -> bool) -> Result<(), WarehouseError> {
    match is_name(name) {
        true => Ok(()),
        false => Err(WarehouseError::new(format!("the name {name:?} is invalid"))),
    }
}

pub(super) fn hex(fingerprint: &[u8; 32]) -> String {
    fingerprint
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
