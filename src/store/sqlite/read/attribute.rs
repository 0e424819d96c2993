//! The query of a report: statements over exposures and conversions, in the order of units, merged
//! by the fold of all stores. The primary keys begin with phase or goal and then the unit, so
//! SQLite reads them in order and sorts nothing. If the phase has few exposures beside many
//! conversions of a goal, only the conversions of its units are read.
//!
//! A visitor's conversions as a user come from a second statement for each goal, sorted by visitor,
//! and both are merged. It runs only if the set is by visitor and there is an alias.

use std::path::Path;

use rusqlite::{Connection, Row, Statement, Transaction};

use crate::{
    assign::DEFAULT_UNIT,
    event::Goal,
    store::{
        attribution::{
            Attribution, Exposures, Listed, OfPhase, Question, ReachedGoal, all_interleaved, fold,
            interleaved, joint,
        },
        error::StoreError,
        facts::PhaseName,
        sql::{
            UnitRange,
            answers::{self, EXPOSURES_OR_MORE, FEW, Lists, TIMES},
        },
    },
    unit::Unit,
};

use super::phases::{definitions_of, find, segments, tracks_of};
use crate::store::sqlite::failure::{Failure, Outcome};

type Reached<'a> = Box<dyn Iterator<Item = Result<ReachedGoal, StoreError>> + 'a>;

/// In the order of the table, which nothing has to sort.
const EXPOSURES: &str = "SELECT unit, track_id, first_at, coin, definition_id FROM exposure \
    WHERE phase_id = ?1 AND unit BETWEEN ?2 AND ?3 ORDER BY unit";

/// The same, with segments.
const EXPOSURES_BY_SEGMENT: &str = "SELECT unit, track_id, first_at, coin, definition_id, segment_id \
    FROM exposure WHERE phase_id = ?1 AND unit BETWEEN ?2 AND ?3 ORDER BY unit";

const CONVERSIONS: &str = "SELECT unit, idem, at, value FROM conversion \
    WHERE goal_id = (SELECT id FROM goal WHERE name = ?1) AND unit BETWEEN ?2 AND ?3 ORDER BY unit";

const HAS_MORE_CONVERSIONS: &str = "SELECT EXISTS (SELECT 1 FROM conversion \
    WHERE goal_id = (SELECT id FROM goal WHERE name = ?1) LIMIT 1 OFFSET ?2)";

/// Those of the units of a phase, which are sorted again.
const CONVERSIONS_OF_FEW: &str = "SELECT exposed.unit, idem, at, value \
    FROM (SELECT DISTINCT unit FROM exposure \
        WHERE phase_id = ?4 AND unit BETWEEN ?2 AND ?3) AS exposed \
    CROSS JOIN conversion ON conversion.unit = exposed.unit \
        AND goal_id = (SELECT id FROM goal WHERE name = ?1) \
    ORDER BY exposed.unit";

/// The conversions of units with aliases, for the visitor of the latest alias that is not after each of
/// them. They are sorted, in a temporary file if there are many. Of a user with several visitors, some of them
/// may be outside of the range.
const BY_ALIAS: &str = "SELECT (SELECT visitor FROM alias \
        WHERE user = conversion.unit AND first_at <= conversion.at \
        ORDER BY first_at DESC, visitor LIMIT 1) AS whose, idem, at, value \
    FROM (SELECT DISTINCT user FROM alias WHERE visitor BETWEEN ?2 AND ?3) AS aliased \
    CROSS JOIN conversion ON conversion.unit = aliased.user \
        AND goal_id = (SELECT id FROM goal WHERE name = ?1) \
    ORDER BY whose";

/// Returns whether a phase has so many exposures that its units are read in several ranges.
pub(in crate::store::sqlite) fn has_many_exposures(
    transaction: &Transaction<'_>,
    question: &Question,
) -> Outcome<bool> {
    for (phase, _) in phases(transaction, question)? {
        if exposures_or_more(transaction, phase)? > FEW {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Answers a question about a range of units; `None` if the phase is unknown.
pub(in crate::store::sqlite) fn attribute(
    transaction: &Connection,
    question: &Question,
    range: UnitRange,
    path: &Path,
) -> Outcome<Option<Attribution>> {
    let phases = phases(transaction, question)?;
    let Some((_, name)) = phases.first() else {
        return Ok(None);
    };
    // Aliases lead from users to visitors, so they say nothing about units of another kind.
    let by_alias = *name.kind == *DEFAULT_UNIT && has_aliases(transaction)?;
    let few = few_exposures(transaction, &phases)?;
    let goals = question.streams().into_iter();
    let streams = goals.map(|goal| Stream::new(transaction, goal, range, few, by_alias));
    let mut streams = streams.collect::<Outcome<Vec<_>>>()?;
    let streams = streams.iter_mut().map(|stream| stream.rows(path));
    let conversions = streams.collect::<Outcome<Vec<_>>>()?;
    let lists = lists(transaction, &phases, question.beside.is_empty())?;
    let select = match lists.has_segments() {
        true => EXPOSURES_BY_SEGMENT,
        false => EXPOSURES,
    };
    let mut statements = Statements::prepare(transaction, select, &phases)?;
    let exposures = statements.exposures(&lists, range, path)?;
    if question.beside.is_empty() {
        return Ok(Some(fold(
            question,
            lists.listed(),
            exposures,
            conversions,
        )?));
    }
    let beside = named(transaction, &question.beside)?;
    let others = self::lists(transaction, &beside, false)?;
    let mut statements = Statements::prepare(transaction, EXPOSURES, &beside)?;
    let of_others = OfPhase {
        exposures: statements.exposures(&others, range, path)?,
        tracks: others.tracks(),
    };
    let own = OfPhase {
        exposures,
        tracks: lists.tracks(),
    };
    let listed = Listed {
        segments: others.tracks(),
        ..lists.listed()
    };
    let exposures = joint(own, of_others, question);
    Ok(Some(fold(question, listed, exposures, conversions)?))
}

/// The statements over the exposures of a phase, one for each name of its set.
struct Statements<'t>(Vec<(Statement<'t>, i64)>);

impl<'t> Statements<'t> {
    fn prepare(
        transaction: &'t Connection,
        select: &str,
        phases: &[(i64, PhaseName)],
    ) -> Outcome<Self> {
        let statements = phases
            .iter()
            .map(|(id, _)| Ok((transaction.prepare(select)?, *id)));
        Ok(Self(statements.collect::<Outcome<_>>()?))
    }

    fn exposures<'s>(
        &'s mut self,
        lists: &'s Lists,
        range: UnitRange,
        path: &'s Path,
    ) -> Outcome<Exposures<'s>> {
        let exposures = self
            .0
            .iter_mut()
            .map(|(select, id)| -> Outcome<Exposures<'s>> {
                let (first, last) = range.bytes();
                let rows =
                    select.query_and_then((*id, first, last), |row| lists.places.exposed(row))?;
                Ok(Box::new(rows.map(|row| {
                    row.map_err(|failure: Failure| failure.of(path))
                })))
            });
        let exposures = exposures.collect::<Outcome<Vec<_>>>()?;
        Ok(all_interleaved(exposures.into_iter()))
    }
}
/// Returns the ids and names of a phase under all names of its set, as far as the store has them.
fn phases(transaction: &Connection, question: &Question) -> Outcome<Vec<(i64, PhaseName)>> {
    named(transaction, question.names())
}

fn named<'n>(
    transaction: &Connection,
    names: impl IntoIterator<Item = &'n PhaseName>,
) -> Outcome<Vec<(i64, PhaseName)>> {
    let found = names.into_iter().map(|name| find(transaction, name));
    found.filter_map(Result::transpose).collect()
}

/// Returns the tracks and definitions of these phases, and all segments if they are needed.
fn lists(
    transaction: &Connection,
    phases: &[(i64, PhaseName)],
    needs_segments: bool,
) -> Outcome<Lists> {
    let (mut tracks, mut definitions) = (Vec::new(), Vec::new());
    for (phase, _) in phases {
        tracks.extend(tracks_of(transaction, *phase)?);
        definitions.extend(definitions_of(transaction, *phase)?);
    }
    let segments = match needs_segments {
        true => segments(transaction)?,
        false => Vec::new(),
    };
    Ok(Lists::new(tracks, definitions, segments))
}

/// Returns a phase with few exposures and their number; `None` if it has many, or several names.
fn few_exposures(
    transaction: &Connection,
    phases: &[(i64, PhaseName)],
) -> rusqlite::Result<Option<(i64, i64)>> {
    let [(phase, _)] = phases else {
        return Ok(None);
    };
    let exposures = exposures_or_more(transaction, *phase)?;
    Ok((exposures <= FEW).then_some((*phase, exposures)))
}

/// Returns the number of exposures, at most one more than few.
fn exposures_or_more(transaction: &Connection, phase: i64) -> rusqlite::Result<i64> {
    // One more is enough to know that there are more, and ends the count early.
    transaction.query_row(EXPOSURES_OR_MORE, (phase, FEW + 1), |row| row.get(0))
}

/// Returns whether a goal has many conversions beside so many exposures.
fn has_many(transaction: &Connection, goal: &Goal, exposures: i64) -> rusqlite::Result<bool> {
    let more = (goal.as_str(), TIMES * exposures);
    transaction.query_row(HAS_MORE_CONVERSIONS, more, |row| row.get(0))
}

fn has_aliases(transaction: &Connection) -> rusqlite::Result<bool> {
    transaction.query_row("SELECT EXISTS (SELECT 1 FROM alias)", [], |row| row.get(0))
}

/// The conversions of a goal in the order of units, about to be read.
struct Stream<'t, 'q> {
    goal: &'q Goal,
    range: UnitRange,
    /// The phase, where it has few units, whose own conversions alone are read.
    few: Option<i64>,
    own: Statement<'t>,
    by_alias: Option<Statement<'t>>,
}

impl<'t, 'q> Stream<'t, 'q> {
    fn new(
        transaction: &'t Connection,
        goal: &'q Goal,
        range: UnitRange,
        few: Option<(i64, i64)>,
        by_alias: bool,
    ) -> Outcome<Self> {
        let few = match few {
            Some((phase, exposures)) if has_many(transaction, goal, exposures)? => Some(phase),
            _ => None,
        };
        let own = few.map_or(CONVERSIONS, |_| CONVERSIONS_OF_FEW);
        let by_alias = by_alias.then(|| transaction.prepare(BY_ALIAS));
        Ok(Self {
            goal,
            range,
            few,
            own: transaction.prepare(own)?,
            by_alias: by_alias.transpose()?,
        })
    }

    fn rows<'s>(&'s mut self, path: &'s Path) -> Outcome<Reached<'s>> {
        let told = |failure: Failure| failure.of(path);
        let goal = self.goal.as_str();
        let (first, last) = self.range.bytes();
        let own = match self.few {
            Some(phase) => self.own.query((goal, first, last, phase))?,
            None => self.own.query((goal, first, last))?,
        };
        let own = own.and_then(|row| answers::reached(row));
        let own = own.map(move |row| row.map_err(told));
        let Some(by_alias) = &mut self.by_alias else {
            return Ok(Box::new(own));
        };
        let range = self.range;
        let reached = move |row: &Row<'_>| reached_by_alias(row, range);
        let by_alias = by_alias.query_and_then((goal, first, last), reached)?;
        let by_alias = by_alias.filter_map(move |row| row.map_err(told).transpose());
        let unit = |reached: &ReachedGoal| reached.unit;
        Ok(Box::new(interleaved(own, by_alias, unit)))
    }
}

/// Returns `None` if each alias is later, or its visitor is outside of the range.
fn reached_by_alias(row: &Row<'_>, range: UnitRange) -> Outcome<Option<ReachedGoal>> {
    let visitor = row.get::<_, Option<[u8; 16]>>(0)?.map(Unit::from_bytes);
    let is_in_range = visitor.is_some_and(|visitor| range.has(visitor));
    is_in_range.then(|| answers::reached(row)).transpose()
}
