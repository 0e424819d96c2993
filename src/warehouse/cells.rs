//! The source of answers that reads files of cells.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use csv::{Reader, StringRecord};

use crate::store::{
    Attribute, AttributedGoal, Attribution, Cohort, PhaseName, Question, ServedDefinition,
    StoreError, StoreErrorKind, Timestamp,
};

use super::{
    asked::digest,
    columns::ALL_ROWS,
    line::{Checked, Header, Line},
    sql::unanswered,
};

/// The answers in a file of cells, or in all files of a folder whose names end with `.csv`.
///
/// The files are read for each report. To replace a file, write the new one under a name that does not end with
/// `.csv`, then rename it. If there are several answers about a phase, the latest one counts.
///
/// See the [module docs](crate::warehouse).
///
/// ```
/// use std::sync::Arc;
///
/// use tower_tracks::{
///     report::Reporter,
///     store::{Memory, Timestamp},
///     warehouse::Cells,
/// };
///
/// let store = Memory::default();
/// let cells = Cells::at("/var/lib/tracks/cells");
/// let report = Reporter::new(&store, Timestamp::now()).attribute_by(&cells).compute()?;
/// # Ok::<(), tower_tracks::store::StoreError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Cells {
    path: PathBuf,
}

impl Cells {
    /// Returns a source that reads the files at this path. It is not opened yet, but must exist when a report is
    /// computed.
    ///
    /// ```
    /// let cells = tower_tracks::warehouse::Cells::at("cells.csv");
    /// ```
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Calls a function with each row of each file.
    fn each(&self, mut row: impl FnMut(&Line<'_>) -> Checked<()>) -> Result<(), StoreError> {
        for path in self.files()? {
            let mut reader = Reader::from_path(&path).map_err(|error| unread(&path, error))?;
            let header = reader.headers().map_err(|error| unread(&path, error))?;
            // A task of a distributed engine that had no rows writes an empty file.
            if header.is_empty() {
                continue;
            }
            let header = Header::of(header).map_err(|reason| refused(&path, &reason))?;
            let mut record = StringRecord::new();
            let mut number = 1;
            while reader
                .read_record(&mut record)
                .map_err(|error| unread(&path, error))?
            {
                number += 1;
                let line = header.line(&record);
                let checked = line.check_format().and_then(|()| row(&line));
                checked.map_err(|reason| refused(&path, &format!("line {number}: {reason}")))?;
            }
        }
        Ok(())
    }

    /// Returns the file, or those of the folder in the order of their names.
    fn files(&self) -> Result<Vec<PathBuf>, StoreError> {
        if !self.path.is_dir() {
            return Ok(vec![self.path.clone()]);
        }
        let entries = fs::read_dir(&self.path).map_err(|error| unread(&self.path, error))?;
        let paths = entries.map(|entry| entry.map(|entry| entry.path()));
        let mut paths: Vec<PathBuf> = paths
            .collect::<Result<_, _>>()
            .map_err(|error| unread(&self.path, error))?;
        paths.retain(|path| path.extension().is_some_and(|end| end == "csv"));
        paths.sort();
        Ok(paths)
    }
}

impl Attribute for Cells {
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        if let Some(message) = unanswered(question) {
            return Err(StoreError::new(StoreErrorKind::Refused, message));
        }
        let mut answer = Answer::to(question);
        self.each(|line| {
            match is_about(line, &question.phase)? && line.time("as_of")? == question.as_of {
                true => answer.add(line),
                false => Ok(()),
            }
        })?;
        let answer = answer.finish(question);
        answer
            .map(Some)
            .map_err(|reason| refused(&self.path, &reason))
    }

    fn as_of(&self, phase: &PhaseName, asked: Timestamp) -> Result<Timestamp, StoreError> {
        let mut latest: Option<Timestamp> = None;
        self.each(|line| {
            let as_of = line.time("as_of")?;
            if is_about(line, phase)? && as_of <= asked {
                latest = latest.max(Some(as_of));
            }
            Ok(())
        })?;
        Ok(latest.unwrap_or(asked))
    }
}

/// Returns whether a row is of a phase.
fn is_about(line: &Line<'_>, phase: &PhaseName) -> Checked<bool> {
    Ok(line.text("set_name") == &*phase.set && line.number::<u32>("phase_no")? == phase.phase)
}

/// An answer while its rows are read, in any order.
struct Answer {
    digest: String,
    /// The number of rows so far.
    rows: u64,
    /// The number of rows of the whole answer.
    all_rows: Option<u64>,
    /// Whether there are rows of another question about the phase and the time.
    has_others: bool,
    definitions: BTreeMap<usize, [u8; 32]>,
    /// The units of each cohort, and those of them whose windows are over, by the length of the window.
    closed: BTreeMap<(Cohort, u64), u64>,
    served: BTreeMap<Option<u32>, (Timestamp, Timestamp)>,
    attribution: Attribution,
}

impl Answer {
    fn to(question: &Question) -> Self {
        let attribution = Attribution {
            goals: vec![AttributedGoal::default(); question.goals.len()],
            ..Attribution::default()
        };
        Self {
            digest: digest(question),
            rows: 0,
            all_rows: None,
            has_others: false,
            definitions: BTreeMap::new(),
            closed: BTreeMap::new(),
            served: BTreeMap::new(),
            attribution,
        }
    }

    /// Adds a row of the phase and time that the question has.
    fn add(&mut self, line: &Line<'_>) -> Checked<()> {
        // An answer to an earlier plan may be in the same folder.
        if line.text("question") != self.digest {
            self.has_others = true;
            return Ok(());
        }
        let all_rows = line.number(ALL_ROWS)?;
        if *self.all_rows.get_or_insert(all_rows) != all_rows {
            return Err("two answers to the question have the same time".to_owned());
        }
        self.rows += 1;
        match line.text("part") {
            "question" => self.begin(line),
            "definition" => self.define(line),
            "units" => self.add_units(line),
            "left-out" => self.leave_out(line),
            "goal" => self.add_goal(line),
            other => Err(format!("there is no part {other:?}")),
        }
    }

    fn begin(&mut self, line: &Line<'_>) -> Checked<()> {
        let unknown: u64 = line.number("units")?;
        if unknown > 0 {
            return Err(format!(
                "{unknown} exposures have a track that the store did not know when the question was printed: \
                 print it again"
            ));
        }
        Ok(())
    }

    fn define(&mut self, line: &Line<'_>) -> Checked<()> {
        let fingerprint = fingerprint(line.text("name")).ok_or("the fingerprint is none")?;
        self.definitions.insert(line.number("ix")?, fingerprint);
        Ok(())
    }

    fn add_units(&mut self, line: &Line<'_>) -> Checked<()> {
        let (cohort, units) = (line.cohort()?, line.number("units")?);
        let span = (line.time("first_at")?, line.time("last_at")?);
        extend(self.served.entry(cohort.definition).or_insert(span), span);
        extend(self.attribution.exposed.get_or_insert(span), span);
        let closed: u64 = line.number("closed_units")?;
        let known = self
            .attribution
            .units
            .entry(cohort.clone())
            .or_insert(units);
        let place = (cohort, line.number("lasts")?);
        let is_known = self.closed.insert(place, closed).is_some();
        match *known != units || closed > units || is_known {
            true => Err("the numbers of units contradict each other".to_owned()),
            false => Ok(()),
        }
    }

    fn leave_out(&mut self, line: &Line<'_>) -> Checked<()> {
        let units: u64 = line.number("units")?;
        match line.text("ix") {
            "1" => self.attribution.after_close = units,
            "2" => self.attribution.excluded = units,
            other => return Err(format!("units are left out for the reason {other:?}")),
        }
        Ok(())
    }

    fn add_goal(&mut self, line: &Line<'_>) -> Checked<()> {
        let index: usize = line.number("ix")?;
        let goal = self.attribution.goals.get_mut(index);
        let goal = goal.ok_or_else(|| format!("the question has no goal {index}"))?;
        let (cell, is_closed) = line.cell()?;
        let cells = goal.cells.entry(line.cohort()?).or_default();
        let place = if is_closed {
            &mut cells.closed
        } else {
            &mut cells.open
        };
        if place.units > 0 {
            return Err("the same sums are there twice".to_owned());
        }
        *place = cell;
        let add = |sum: &mut u64, column| -> Checked<()> {
            let sum_of_both = sum.checked_add(line.number(column)?);
            *sum = sum_of_both.ok_or("the counts are too large")?;
            Ok(())
        };
        add(&mut goal.matched, "matched")?;
        add(&mut goal.shortly_before, "shortly_before")
    }

    /// Checks that all rows of the answer were read.
    fn check_whole(&self, question: &Question) -> Checked<()> {
        let (phase, as_of) = (&question.phase, question.as_of);
        match self.all_rows {
            Some(all) if all == self.rows => Ok(()),
            Some(all) => Err(format!(
                "the answer about {phase} has {} rows of {all}",
                self.rows
            )),
            None if self.has_others => Err(format!(
                "the answer about {phase} up to {as_of} is to another question, since the goals, their windows, \
                 the days or the changes were others: print the question again"
            )),
            None => Err(format!(
                "there is no answer about {phase} up to the time of the report: let the engine compute one"
            )),
        }
    }

    /// Returns the answer, after all rows.
    fn finish(mut self, question: &Question) -> Checked<Attribution> {
        self.check_whole(question)?;
        let definitions = self.definitions.iter().enumerate();
        let definitions = definitions.map(|(place, (index, fingerprint))| {
            let served = u32::try_from(place)
                .ok()
                .and_then(|place| self.served.get(&Some(place)));
            let definition = ServedDefinition::new(*fingerprint, served.copied());
            (place == *index)
                .then_some(definition)
                .ok_or("a definition is missing")
        });
        self.attribution.definitions = definitions.collect::<Result<_, _>>()?;
        let known = self.attribution.definitions.len();
        let unknown =
            |definition: &Option<u32>| definition.is_some_and(|index| index as usize >= known);
        if self.served.keys().any(unknown) {
            return Err("a definition is missing".to_owned());
        }
        for (index, asked) in question.goals.iter().enumerate() {
            self.complete(index, micros(asked.window))?;
        }
        Ok(self.attribution)
    }

    /// Adds the units that did not reach a goal, whose sums are 0.
    fn complete(&mut self, index: usize, window: u64) -> Checked<()> {
        let goal = &mut self.attribution.goals[index];
        if goal
            .cells
            .keys()
            .any(|cohort| !self.attribution.units.contains_key(cohort))
        {
            return Err("a goal has units that were not exposed".to_owned());
        }
        for (cohort, units) in &self.attribution.units {
            let closed = self
                .closed
                .get(&(cohort.clone(), window))
                .ok_or("a row of units is missing")?;
            let cells = goal.cells.entry(cohort.clone()).or_default();
            let open = units - closed;
            if cells.closed.units > *closed || cells.open.units > open {
                return Err("a goal has more units than were exposed".to_owned());
            }
            (cells.closed.units, cells.open.units) = (*closed, open);
        }
        Ok(())
    }
}

/// The length of a window, as the printed question has it.
fn micros(window: std::time::Duration) -> u64 {
    u64::try_from(window.as_micros().min(super::sql::LONGEST)).unwrap_or(u64::MAX)
}

/// Extends a span by another one.
fn extend(span: &mut (Timestamp, Timestamp), other: (Timestamp, Timestamp)) {
    *span = (span.0.min(other.0), span.1.max(other.1));
}

/// Reads 64 hexadecimal digits.
fn fingerprint(text: &str) -> Option<[u8; 32]> {
    let halves = [text.get(..32)?, text.get(32..)?].map(crate::unit::hex::read);
    let mut bytes = [0; 32];
    for (half, read) in bytes.chunks_exact_mut(16).zip(halves) {
        half.copy_from_slice(&read?);
    }
    Some(bytes)
}

fn refused(path: &Path, reason: &str) -> StoreError {
    let message = format!("the cells in {}: {reason}", path.display());
    StoreError::new(StoreErrorKind::Refused, message)
}

fn unread(path: &Path, error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    let message = format!("the cells in {} cannot be read", path.display());
    StoreError::new(StoreErrorKind::Unavailable, message).caused_by(error)
}
