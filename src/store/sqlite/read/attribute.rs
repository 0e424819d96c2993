//! The query of a report: statements over exposures and conversions, in the order of units, merged
//! by the fold of all stores. The primary keys begin with phase or goal and then the unit, so
//! SQLite reads them in order and sorts nothing. If the phase has few exposures beside many
//! conversions of a goal, only the conversions of its units are read.
//!
//! A visitor's conversions as a user come from a second statement for each goal, sorted by visitor,
//! and both are merged. It runs only if the set is by visitor and there is an alias.

use std::path::Path;

use rusqlite::{Row, Statement, Transaction};

use crate::{
    assign::DEFAULT_UNIT,
    event::Goal,
    store::{
        attribution::{Attribution, ExposedUnit, Question, ReachedGoal, fold},
        error::StoreError,
        facts::TrackName,
    },
    unit::Unit,
};

use super::{merged::merged, names, phases::definitions_of};
use crate::store::sqlite::{
    failure::{Failure, Outcome},
    values::{time, unit},
};

type Reached<'a> = Box<dyn Iterator<Item = Result<ReachedGoal, StoreError>> + 'a>;

/// In the order of the table, which nothing has to sort.
const EXPOSURES: &str = "SELECT unit, track_id, first_at, coin, definition_id FROM exposure \
    WHERE phase_id = ?1 ORDER BY unit";

const CONVERSIONS: &str = "SELECT unit, idem, at, value FROM conversion \
    WHERE goal_id = (SELECT id FROM goal WHERE name = ?1) ORDER BY unit";

/// How many exposures a phase has at most whose conversions are looked for one by one, and how many
/// more conversions the goal has to have: else reading all of them is sooner done.
const FEW: u32 = 50_000;
const TIMES: u32 = 8;

const EXPOSURES_OR_MORE: &str = "SELECT count(*) FROM \
    (SELECT 1 FROM exposure WHERE phase_id = ?1 LIMIT ?2)";

const HAS_MORE_CONVERSIONS: &str = "SELECT EXISTS (SELECT 1 FROM conversion \
    WHERE goal_id = (SELECT id FROM goal WHERE name = ?1) LIMIT 1 OFFSET ?2)";

/// Those of the units of a phase, which are sorted again.
const CONVERSIONS_OF_FEW: &str = "SELECT exposed.unit, idem, at, value \
    FROM (SELECT DISTINCT unit FROM exposure WHERE phase_id = ?2) AS exposed \
    CROSS JOIN conversion ON conversion.unit = exposed.unit \
        AND goal_id = (SELECT id FROM goal WHERE name = ?1) \
    ORDER BY exposed.unit";

/// The conversions of units with aliases, for the visitor of the latest alias that is not after each of
/// them. They are sorted, in a temporary file if there are many.
const BY_ALIAS: &str = "SELECT (SELECT visitor FROM alias \
        WHERE user = conversion.unit AND first_at <= conversion.at \
        ORDER BY first_at DESC, visitor LIMIT 1) AS whose, idem, at, value \
    FROM (SELECT DISTINCT user FROM alias) AS aliased \
    CROSS JOIN conversion ON conversion.unit = aliased.user \
        AND goal_id = (SELECT id FROM goal WHERE name = ?1) \
    ORDER BY whose";

pub(in crate::store::sqlite) fn attribute(
    transaction: &Transaction<'_>,
    question: &Question,
    path: &Path,
) -> Outcome<Option<Attribution>> {
    let Some((phase, name)) = names::find(transaction, &question.phase)? else {
        return Ok(None);
    };
    let tracks = names::tracks_of(transaction, phase, &name)?;
    let by_alias = *name.kind == *DEFAULT_UNIT && has_aliases(transaction)?;
    let few = few_exposures(transaction, phase)?.map(|exposures| (phase, exposures));
    let goals = question.streams().into_iter();
    let streams = goals.map(|goal| Stream::new(transaction, goal, few, by_alias));
    let mut streams = streams.collect::<Outcome<Vec<_>>>()?;
    let streams = streams.iter_mut().map(|stream| stream.rows(path));
    let conversions = streams.collect::<Outcome<Vec<_>>>()?;
    let mut exposures = transaction.prepare(EXPOSURES)?;
    let (ids, definitions): (Vec<i64>, Vec<_>) =
        definitions_of(transaction, phase)?.into_iter().unzip();
    let exposures = exposures.query_map([phase], |row| exposed(row, &tracks, &ids))?;
    let exposures = exposures.map(|row| row.map_err(|error| Failure::from(error).of(path)));
    let names: Vec<_> = tracks.iter().map(|(_, name)| name.track.clone()).collect();
    Ok(fold(
        question,
        &names,
        &definitions,
        Box::new(exposures),
        conversions,
    )
    .map(Some)?)
}

/// Returns how many exposures a phase has, if those are few.
fn few_exposures(transaction: &Transaction<'_>, phase: i64) -> rusqlite::Result<Option<u32>> {
    let most = (phase, FEW + 1);
    let exposures: u32 = transaction.query_row(EXPOSURES_OR_MORE, most, |row| row.get(0))?;
    Ok((exposures <= FEW).then_some(exposures))
}

/// Returns whether a goal has many conversions beside so many exposures.
fn has_many(transaction: &Transaction<'_>, goal: &Goal, exposures: u32) -> rusqlite::Result<bool> {
    let more = (goal.as_str(), TIMES * exposures);
    transaction.query_row(HAS_MORE_CONVERSIONS, more, |row| row.get(0))
}

fn has_aliases(transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
    transaction.query_row("SELECT EXISTS (SELECT 1 FROM alias)", [], |row| row.get(0))
}

fn exposed(
    row: &Row<'_>,
    tracks: &[(i64, TrackName)],
    definitions: &[i64],
) -> rusqlite::Result<ExposedUnit> {
    let id: i64 = row.get(1)?;
    let index = tracks.iter().position(|(track, _)| *track == id);
    let definition: Option<i64> = row.get(4)?;
    let place = |id| definitions.iter().position(|definition| *definition == id);
    Ok(ExposedUnit {
        unit: unit(row, 0)?,
        track: index.unwrap_or(usize::MAX),
        first_at: time(row, 2)?,
        coin: row.get(3)?,
        definition: definition.and_then(place),
    })
}

/// The conversions of a goal in the order of units, about to be read.
struct Stream<'t, 'q> {
    goal: &'q Goal,
    /// The phase, where it has few units, whose own conversions alone are read.
    few: Option<i64>,
    own: Statement<'t>,
    by_alias: Option<Statement<'t>>,
}

impl<'t, 'q> Stream<'t, 'q> {
    fn new(
        transaction: &'t Transaction<'_>,
        goal: &'q Goal,
        few: Option<(i64, u32)>,
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
            few,
            own: transaction.prepare(own)?,
            by_alias: by_alias.transpose()?,
        })
    }

    fn rows<'s>(&'s mut self, path: &'s Path) -> Outcome<Reached<'s>> {
        let told = |error| Failure::from(error).of(path);
        let goal = self.goal.as_str();
        let own = match self.few {
            Some(phase) => self.own.query((goal, phase))?,
            None => self.own.query([goal])?,
        };
        let own = own.mapped(|row| reached(row, unit(row, 0)?));
        let own = own.map(move |row| row.map_err(told));
        let Some(by_alias) = &mut self.by_alias else {
            return Ok(Box::new(own));
        };
        let by_alias = by_alias.query_map([goal], reached_by_alias)?;
        let by_alias = by_alias.filter_map(move |row| row.map_err(told).transpose());
        Ok(Box::new(merged(own, by_alias)))
    }
}

fn reached(row: &Row<'_>, unit: Unit) -> rusqlite::Result<ReachedGoal> {
    Ok(ReachedGoal {
        unit,
        idem: row.get(1)?,
        at: time(row, 2)?,
        value: row.get(3)?,
    })
}

/// `None` where each alias is later.
fn reached_by_alias(row: &Row<'_>) -> rusqlite::Result<Option<ReachedGoal>> {
    let whose: Option<[u8; 16]> = row.get(0)?;
    let whose = whose.map(Unit::from_bytes);
    whose.map(|visitor| reached(row, visitor)).transpose()
}
