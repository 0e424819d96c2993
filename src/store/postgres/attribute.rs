//! The query of a report: cursors over exposures and conversions, in the order of units, merged by
//! the fold of all stores.
//!
//! All cursors are in one snapshot. If the phase has few exposures beside many conversions of a
//! goal, only the conversions of its units are read.
//!
//! A visitor's conversions as a user are in the same statement, if the set is by visitor and there
//! is an alias: PostgreSQL looks up the latest alias of each.

use std::sync::Arc;

use super::{
    bridge::Bridge,
    catalog::{self, phase},
    cursor::{self, Snapshot},
    facts::Sql,
    failure::Outcome,
    moment::Moment,
    place::{Place, Tx},
    statement,
};
use crate::{
    assign::DEFAULT_UNIT,
    event::Goal,
    store::{
        attribution::{Attribution, Question, all_interleaved, fold},
        error::StoreError,
        facts::PhaseName,
        sql::answers::{self, EXPOSURES_OR_MORE, FEW, Lists, TIMES},
    },
};

/// All of the rows are read, so it is the end that should come early. Compiling what sorts them
/// takes longer than it saves.
const SETTINGS: &str = "SELECT set_config('cursor_tuple_fraction', '1', true), \
    set_config('jit', 'off', true)";

const EXPOSURES: &str = "SELECT unit, track_id, first_at, coin, definition_id FROM exposure
    WHERE phase_id = $1 AND first_at < $2 ORDER BY unit";

const CONVERSIONS: &str = "SELECT unit, idem, at, value FROM conversion
    WHERE goal_id = $1 AND at < $2 ORDER BY unit";

const HAS_MORE_CONVERSIONS: &str = "SELECT EXISTS (SELECT FROM conversion
    WHERE goal_id = $1 LIMIT 1 OFFSET $2)";

const CONVERSIONS_OF_FEW: &str = "SELECT unit, idem, at, value FROM conversion
    WHERE goal_id = $1 AND at < $2 AND unit IN (SELECT unit FROM exposure WHERE phase_id = $3)
    ORDER BY unit";

/// Those of users once more, as those of their visitors.
const CONVERSIONS_AND_ALIASED: &str = "SELECT unit, idem, at, value FROM conversion
    WHERE goal_id = $1 AND at < $2
    UNION ALL
    SELECT latest.visitor, idem, at, value FROM conversion
    CROSS JOIN LATERAL (
        SELECT visitor FROM alias
        WHERE \"user\" = conversion.unit AND first_at <= at
        ORDER BY first_at DESC, visitor LIMIT 1
    ) AS latest
    WHERE goal_id = $1 AND at < $2 AND unit IN (SELECT \"user\" FROM alias)
    ORDER BY unit";

/// What a question is answered from.
struct Opened {
    snapshot: Arc<Snapshot>,
    lists: Lists,
    /// How many names of the set have exposures, which have the first cursors.
    names: usize,
}

pub(super) fn attribute(
    place: Place,
    bridge: &Bridge,
    question: &Question,
) -> Result<Option<Attribution>, StoreError> {
    let limit = place.limits().scan;
    let opening = open(place, bridge.clone(), question.clone());
    let Some(opened) = bridge.run(limit, opening)? else {
        return Ok(None);
    };
    let Opened {
        snapshot,
        lists,
        names,
    } = opened;
    let exposures = (0..names).map(|number| {
        let places = lists.places.clone();
        let rows = snapshot.cursor(number, move |row| places.exposed(&row))?;
        Ok(Box::new(rows) as Box<dyn Iterator<Item = _>>)
    });
    let exposures = exposures.collect::<Result<Vec<_>, StoreError>>()?;
    let conversions = (names..names + question.streams().len()).map(|number| {
        let rows = snapshot.cursor(number, |row| answers::reached(&row))?;
        Ok(Box::new(rows) as Box<dyn Iterator<Item = _>>)
    });
    let conversions = conversions.collect::<Result<_, StoreError>>()?;
    fold(
        question,
        &lists.tracks,
        &lists.definitions,
        all_interleaved(exposures.into_iter()),
        conversions,
    )
    .map(Some)
}

/// Declares the cursors; `None` if the phase is unknown.
async fn open(place: Place, bridge: Bridge, question: Question) -> Outcome<Option<Opened>> {
    let mut tx = place.scanning().await?;
    let phases = phases(&question, &mut tx).await?;
    let Some((first, name)) = phases.first() else {
        tx.end();
        return Ok(None);
    };
    let lists = lists(&phases, &mut tx).await?;
    statement::query(SETTINGS).execute(&mut *tx).await?;
    let as_of = Moment::from(question.as_of);
    for (number, (phase, _)) in phases.iter().enumerate() {
        declare(number, EXPOSURES, *phase, (as_of, None), &mut tx).await?;
    }
    let is_aliased = *name.kind == *DEFAULT_UNIT && has_aliases(&mut tx).await?;
    let few = few_exposures(&phases, &mut tx).await?;
    for (index, goal) in question.streams().into_iter().enumerate() {
        let goal = goal_id(goal, &mut tx).await?;
        let (select, of) = match few {
            // The conversions of a user cannot be looked up by the units of a phase by visitor.
            _ if is_aliased => (CONVERSIONS_AND_ALIASED, None),
            Some(exposures) if has_many(goal, exposures, &mut tx).await? => {
                (CONVERSIONS_OF_FEW, Some(*first))
            }
            _ => (CONVERSIONS, None),
        };
        declare(phases.len() + index, select, goal, (as_of, of), &mut tx).await?;
    }
    let cursors = question.streams().len() + phases.len();
    let snapshot = Snapshot::new(tx, bridge, (place.limits().scan, cursors));
    Ok(Some(Opened {
        snapshot,
        lists,
        names: phases.len(),
    }))
}

/// Returns the ids and names of a phase under all names of its set, as far as the store has them.
async fn phases(question: &Question, tx: &mut Tx) -> Outcome<Vec<(i32, PhaseName)>> {
    let mut phases = Vec::new();
    for name in question.names() {
        phases.extend(phase(name, tx).await?);
    }
    Ok(phases)
}

/// Returns the tracks and definitions of these phases.
async fn lists(phases: &[(i32, PhaseName)], tx: &mut Tx) -> Outcome<Lists> {
    let (mut tracks, mut definitions) = (Vec::new(), Vec::new());
    for (phase, _) in phases {
        tracks.extend(catalog::tracks(*phase, tx).await?);
        definitions.extend(catalog::definitions(*phase, tx).await?);
    }
    Ok(Lists::new(tracks, definitions))
}

/// Opens a cursor over the rows of a phase or a goal before a time; those of a phase alone, where it
/// is said.
async fn declare(
    number: usize,
    select: &str,
    id: i32,
    (before, of): (Moment, Option<i32>),
    tx: &mut Tx,
) -> Outcome<()> {
    cursor::declare(number, select, |query| bind(query, id, before, of), tx).await
}

/// Binds the parameters of a cursor.
fn bind(query: Sql<'_>, id: i32, before: Moment, of: Option<i32>) -> Sql<'_> {
    let query = query.bind(id).bind(before);
    match of {
        Some(phase) => query.bind(phase),
        None => query,
    }
}

/// Returns how many exposures a phase has, if those are few; `None` if it has several names.
async fn few_exposures(phases: &[(i32, PhaseName)], tx: &mut Tx) -> Outcome<Option<i64>> {
    let [(phase, _)] = phases else {
        return Ok(None);
    };
    let exposures = statement::scalar(EXPOSURES_OR_MORE)
        .bind(*phase)
        .bind(FEW + 1);
    let exposures: i64 = exposures.fetch_one(&mut **tx).await?;
    Ok((exposures <= FEW).then_some(exposures))
}

/// Returns whether a goal has many conversions beside so many exposures.
async fn has_many(goal: i32, exposures: i64, tx: &mut Tx) -> Outcome<bool> {
    let has_more = statement::scalar(HAS_MORE_CONVERSIONS)
        .bind(goal)
        .bind(TIMES * exposures);
    Ok(has_more.fetch_one(&mut **tx).await?)
}

/// Returns whether there is any alias. Without one, the query over aliases is left out.
async fn has_aliases(tx: &mut Tx) -> Outcome<bool> {
    let query = statement::scalar("SELECT EXISTS (SELECT FROM alias)");
    Ok(query.fetch_one(&mut **tx).await?)
}

/// Returns the id of a goal; none of a row where it is not known.
async fn goal_id(goal: &Goal, tx: &mut Tx) -> Outcome<i32> {
    let query = statement::scalar("SELECT id FROM goal WHERE name = $1");
    let id = query.bind(goal.as_str()).fetch_optional(&mut **tx).await?;
    // Ids begin with 1, so no row has the goal 0.
    Ok(id.unwrap_or_default())
}
