//! The query of a report: cursors over exposures and conversions, in the order of units, merged by
//! the fold of all stores.
//!
//! All cursors are in one snapshot. If the phase has few exposures beside many conversions of a
//! goal, only the conversions of its units are read.
//!
//! Of a large phase, ranges of units are read side by side, each by a connection of its own. All of them share
//! one snapshot.
//!
//! A visitor's conversions as a user are in the same statement, if the set is by visitor and there
//! is an alias: PostgreSQL looks up the latest alias of each.

use std::{ops::Range, sync::Arc};

use super::{
    bridge::Bridge,
    catalog::{self, phase},
    cursor::{self, Snapshot},
    facts::Sql,
    failure::Outcome,
    moment::Moment,
    place::{Place, Tx},
    statement,
    uuid::Uuid,
};
use crate::{
    assign::DEFAULT_UNIT,
    event::Goal,
    store::{
        attribution::{
            Attribution, Exposures, Listed, OfPhase, Question, all_interleaved, fold, joint,
        },
        error::StoreError,
        facts::PhaseName,
        sql::{
            UnitRange,
            answers::{self, EXPOSURES_OR_MORE, FEW, Lists, TIMES},
            side_by_side,
        },
    },
};

/// All of the rows are read, so it is the end that should come early. Compiling what sorts them
/// takes longer than it saves.
const SETTINGS: &str = "SELECT set_config('cursor_tuple_fraction', '1', true), \
    set_config('jit', 'off', true)";

const EXPOSURES: &str = "SELECT unit, track_id, first_at, coin, definition_id FROM exposure
    WHERE phase_id = $1 AND first_at < $2 AND unit BETWEEN $3 AND $4 ORDER BY unit";

/// The same, with segments.
const EXPOSURES_BY_SEGMENT: &str =
    "SELECT unit, track_id, first_at, coin, definition_id, segment_id
    FROM exposure WHERE phase_id = $1 AND first_at < $2 AND unit BETWEEN $3 AND $4 ORDER BY unit";

const CONVERSIONS: &str = "SELECT unit, idem, at, value FROM conversion
    WHERE goal_id = $1 AND at < $2 AND unit BETWEEN $3 AND $4 ORDER BY unit";

const HAS_MORE_CONVERSIONS: &str = "SELECT EXISTS (SELECT FROM conversion
    WHERE goal_id = $1 LIMIT 1 OFFSET $2)";

const CONVERSIONS_OF_FEW: &str = "SELECT unit, idem, at, value FROM conversion
    WHERE goal_id = $1 AND at < $2 AND unit BETWEEN $3 AND $4
        AND unit IN (SELECT unit FROM exposure WHERE phase_id = $5)
    ORDER BY unit";

/// Those of users once more, as those of their visitors.
const CONVERSIONS_AND_ALIASED: &str = "SELECT unit, idem, at, value FROM conversion
    WHERE goal_id = $1 AND at < $2 AND unit BETWEEN $3 AND $4
    UNION ALL
    SELECT latest.visitor, idem, at, value FROM conversion
    CROSS JOIN LATERAL (
        SELECT visitor FROM alias
        WHERE \"user\" = conversion.unit AND first_at <= at
        ORDER BY first_at DESC, visitor LIMIT 1
    ) AS latest
    WHERE goal_id = $1 AND at < $2 AND latest.visitor BETWEEN $3 AND $4
        AND unit IN (SELECT \"user\" FROM alias WHERE visitor BETWEEN $3 AND $4)
    ORDER BY unit";

/// What a question is answered from: one part for each range of units.
struct Opened {
    lists: Lists,
    /// How many names of the set have exposures, which have the first cursors.
    names: usize,
    /// The tracks of the other phase, and how many names of its set have the next cursors.
    others: Option<(Lists, usize)>,
    parts: Vec<Arc<Snapshot>>,
}

/// A phase with the statements about it, to be run for each range of units.
struct Plan {
    phases: Vec<(i32, PhaseName)>,
    /// The other phase.
    beside: Vec<(i32, PhaseName)>,
    exposures: &'static str,
    streams: Vec<Stream>,
    as_of: Moment,
}

/// How the conversions of a goal are read.
struct Stream {
    select: &'static str,
    goal: i32,
    /// The phase whose units alone are looked up.
    of: Option<i32>,
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
    let parts = opened.parts.clone();
    let answers = side_by_side(parts, |snapshot| part(&snapshot, &opened, question));
    let answers = answers.into_iter().map(|answer| answer.map(Some));
    Attribution::sum(answers.collect::<Result<_, _>>()?)
}

/// Answers a question about the units of one range.
fn part(
    snapshot: &Arc<Snapshot>,
    opened: &Opened,
    question: &Question,
) -> Result<Attribution, StoreError> {
    let (lists, names) = (&opened.lists, opened.names);
    let exposures = exposures(snapshot, lists, 0..names)?;
    let others = opened.others.as_ref();
    let beside = others.map_or(0, |(_, beside)| *beside);
    let first = names + beside;
    let conversions = (first..first + question.streams().len()).map(|number| {
        let rows = snapshot.cursor(number, |row| answers::reached(&row))?;
        Ok(Box::new(rows) as Box<dyn Iterator<Item = _>>)
    });
    let conversions = conversions.collect::<Result<_, StoreError>>()?;
    let Some((others, beside)) = others else {
        return fold(question, lists.listed(), exposures, conversions);
    };
    let own = OfPhase {
        exposures,
        tracks: lists.tracks(),
    };
    let of_others = OfPhase {
        exposures: self::exposures(snapshot, others, names..names + beside)?,
        tracks: others.tracks(),
    };
    let listed = Listed {
        segments: others.tracks(),
        ..lists.listed()
    };
    fold(
        question,
        listed,
        joint(own, of_others, question),
        conversions,
    )
}

/// Returns the exposures of the cursors with these numbers.
fn exposures(
    snapshot: &Arc<Snapshot>,
    lists: &Lists,
    cursors: Range<usize>,
) -> Result<Exposures<'static>, StoreError> {
    let exposures = cursors.map(|number| {
        let places = lists.places.clone();
        let rows = snapshot.cursor(number, move |row| places.exposed(&row))?;
        Ok(Box::new(rows) as Exposures<'static>)
    });
    let exposures = exposures.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(all_interleaved(exposures.into_iter()))
}

/// Declares the cursors of all parts; `None` if the phase is unknown.
async fn open(place: Place, bridge: Bridge, question: Question) -> Outcome<Option<Opened>> {
    let mut tx = place.scanning().await?;
    let phases = named(question.names(), &mut tx).await?;
    if phases.is_empty() {
        tx.end();
        return Ok(None);
    }
    let has_others = !question.beside.is_empty();
    let lists = self::lists(&phases, !has_others, &mut tx).await?;
    let beside = named(&question.beside, &mut tx).await?;
    let others = match has_others {
        true => Some((self::lists(&beside, false, &mut tx).await?, beside.len())),
        false => None,
    };
    let mut exposures = Vec::with_capacity(phases.len());
    for (phase, _) in &phases {
        exposures.push(exposures_or_more(*phase, &mut tx).await?);
    }
    let many = exposures.iter().any(|exposures| *exposures > FEW);
    let mut plan = plan(phases, &exposures, &question, &mut tx).await?;
    plan.beside = beside;
    if lists.has_segments() {
        plan.exposures = EXPOSURES_BY_SEGMENT;
    }
    let mut all = vec![tx];
    let more = place.parallelism(many) - 1;
    if more > 0 {
        let snapshot = cursor::export(&mut all[0]).await?;
        all.extend(place.scanning_beside(&snapshot, more).await);
    }
    let cursors = plan.streams.len() + plan.phases.len() + plan.beside.len();
    let ranges = UnitRange::split(all.len());
    let mut parts = Vec::with_capacity(all.len());
    for (mut tx, range) in all.into_iter().zip(ranges) {
        plan.declare(range, &mut tx).await?;
        let limits = (place.limits().scan, cursors);
        parts.push(Snapshot::new(tx, bridge.clone(), limits));
    }
    let names = plan.phases.len();
    Ok(Some(Opened {
        lists,
        names,
        others,
        parts,
    }))
}

/// Returns what is to be read about phases.
async fn plan(
    phases: Vec<(i32, PhaseName)>,
    exposures: &[i64],
    question: &Question,
    tx: &mut Tx,
) -> Outcome<Plan> {
    let is_visitor = phases
        .iter()
        .take(1)
        .any(|(_, name)| *name.kind == *DEFAULT_UNIT);
    let is_aliased = is_visitor && has_aliases(tx).await?;
    // The units of one phase alone are looked up, if it has few exposures.
    let few = match (&phases[..], exposures) {
        ([(phase, _)], [exposures]) if *exposures <= FEW => Some((*phase, *exposures)),
        _ => None,
    };
    let mut streams = Vec::new();
    for goal in question.streams() {
        let goal = goal_id(goal, tx).await?;
        let (select, of) = match few {
            // The conversions of a user cannot be looked up by the units of a phase by visitor.
            _ if is_aliased => (CONVERSIONS_AND_ALIASED, None),
            Some((phase, exposures)) if has_many(goal, exposures, tx).await? => {
                (CONVERSIONS_OF_FEW, Some(phase))
            }
            _ => (CONVERSIONS, None),
        };
        streams.push(Stream { select, goal, of });
    }
    Ok(Plan {
        phases,
        beside: Vec::new(),
        exposures: EXPOSURES,
        streams,
        as_of: Moment::from(question.as_of),
    })
}

impl Plan {
    /// Opens the cursors over the facts of a range of units.
    async fn declare(&self, range: UnitRange, tx: &mut Tx) -> Outcome<()> {
        statement::query(SETTINGS).execute(&mut **tx).await?;
        let beside = self.beside.iter().map(|phase| (phase, EXPOSURES));
        let phases = self.phases.iter().map(|phase| (phase, self.exposures));
        for (number, ((phase, _), select)) in phases.chain(beside).enumerate() {
            cursor::declare(
                number,
                select,
                |query| bind(query, *phase, self.as_of, range, None),
                tx,
            )
            .await?;
        }
        let first = self.phases.len() + self.beside.len();
        for (number, stream) in (first..).zip(&self.streams) {
            cursor::declare(
                number,
                stream.select,
                |query| bind(query, stream.goal, self.as_of, range, stream.of),
                tx,
            )
            .await?;
        }
        Ok(())
    }
}

/// Returns the ids and names of a phase under all names of its set, as far as the store has them.
async fn named<'n>(
    names: impl IntoIterator<Item = &'n PhaseName>,
    tx: &mut Tx,
) -> Outcome<Vec<(i32, PhaseName)>> {
    let mut phases = Vec::new();
    for name in names {
        phases.extend(phase(name, tx).await?);
    }
    Ok(phases)
}

/// Returns the tracks and definitions of these phases, and all segments if they are needed.
async fn lists(phases: &[(i32, PhaseName)], needs_segments: bool, tx: &mut Tx) -> Outcome<Lists> {
    let (mut tracks, mut definitions) = (Vec::new(), Vec::new());
    for (phase, _) in phases {
        tracks.extend(catalog::tracks(*phase, tx).await?);
        definitions.extend(catalog::definitions(*phase, tx).await?);
    }
    let segments = match needs_segments {
        true => catalog::segments(tx).await?,
        false => Vec::new(),
    };
    Ok(Lists::new(tracks, definitions, segments))
}

/// Binds the parameters of a cursor.
fn bind(query: Sql<'_>, id: i32, before: Moment, range: UnitRange, of: Option<i32>) -> Sql<'_> {
    let [first, last] = [range.first, range.last].map(Uuid::from);
    let query = query.bind(id).bind(before).bind(first).bind(last);
    match of {
        Some(phase) => query.bind(phase),
        None => query,
    }
}

/// Returns the number of exposures, at most one more than few.
async fn exposures_or_more(phase: i32, tx: &mut Tx) -> Outcome<i64> {
    let exposures = statement::scalar(EXPOSURES_OR_MORE)
        .bind(phase)
        .bind(FEW + 1);
    Ok(exposures.fetch_one(&mut **tx).await?)
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
