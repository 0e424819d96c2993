//! The query of a report: exposures and conversions in the order of units, merged by the fold of all stores, so the
//! rules of attribution are not written twice.
//!
//! The tables have this order, so the server reads their parts side by side, and sorts and sums nothing. Rows with
//! the same key follow each other, and the smallest is taken here (`merged.rs`). This took 0.34 times as long as
//! PostgreSQL for ten million exposures and as many conversions, so no second implementation of the rules computes
//! sums in the database.
//!
//! Of a large phase, ranges of units are read side by side, each by requests of its own. There is no snapshot: a
//! fact with a time before that of the question, which is written meanwhile, counts in some ranges.

use std::{collections::HashMap, sync::Arc};

use crate::{
    assign::DEFAULT_UNIT,
    event::Goal,
    store::{
        attribution::{
            Attribution, ExposedUnit, Exposures, Listed, OfPhase, Question, ReachedGoal,
            all_interleaved, fold, interleaved, joint,
        },
        error::StoreError,
        facts::PhaseName,
        sql::{
            Columns, UnitRange,
            answers::{FEW, Lists},
            side_by_side,
        },
        timestamp::Timestamp,
    },
    unit::Unit,
};

use super::{
    catalog::{definitions, phase_names, tracks},
    ids::{self, NO_PRINT},
    literal,
    merged::merged,
    place::Place,
    row::coin,
    tombstones::Tombstones,
    visible::{aliases, conversions},
};

/// The most requests of one attribution at the same time.
const REQUESTS: usize = 48;

/// What all ranges share.
struct Opened<'q> {
    place: &'q Place,
    question: &'q Question,
    own: Side,
    /// Of the other phase, if the question is about the units of two.
    others: Option<Side>,
    is_aliased: bool,
    /// Whether the conversions are those of few units, which are looked up.
    is_few: bool,
    tombstones: Tombstones,
}

/// A phase, under all its names.
struct Side {
    phases: Vec<i64>,
    lists: Lists,
    segments: HashMap<Vec<u8>, Segment>,
}

/// The place of a segment in the list of names, and in the order of names.
#[derive(Clone, Copy)]
struct Segment {
    place: usize,
    rank: usize,
}

/// A row of the table of exposures. The order of the fields is that in which one of several rows is taken.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Exposed {
    unit: Unit,
    track: i64,
    at: i64,
    coin: u8,
    print: u64,
    rank: usize,
    segment: Option<usize>,
}

/// Computes the answer to a question, as the sum over ranges of units.
pub(super) fn attribute(
    place: &Place,
    question: &Question,
) -> Result<Option<Attribution>, StoreError> {
    let known = phase_names(place)?;
    let named = |name: &PhaseName| Some(ids::phase(name)).filter(|id| known.contains_key(id));
    let phases: Vec<i64> = question.names().filter_map(named).collect();
    let Some(kind) = phases.first().and_then(|id| known.get(id)) else {
        return Ok(None);
    };
    let is_visitor = *kind.kind == *DEFAULT_UNIT;
    let beside: Vec<i64> = question.beside.iter().filter_map(named).collect();
    let has_others = !question.beside.is_empty();
    let exposures =
        place.scanned_number(&format!("count() FROM @exposure WHERE {}", is_of(&phases)))?;
    let own = Side::of(place, phases, !has_others)?;
    let others = has_others
        .then(|| Side::of(place, beside, false))
        .transpose()?;
    let opened = Opened {
        place,
        question,
        own,
        others,
        is_aliased: is_visitor && place.number("count() FROM @alias")? > 0,
        is_few: exposures <= FEW.unsigned_abs(),
        tombstones: Tombstones::all(place)?,
    };
    let ranges = UnitRange::split(opened.ranges());
    let answers = side_by_side(ranges, |range| opened.answer(range).map(Some));
    Attribution::sum(answers.into_iter().collect::<Result<_, _>>()?)
}

/// Returns the condition that a row is of one of the phases.
fn is_of(phases: &[i64]) -> String {
    let list = literal::list(phases.iter().map(|id| literal::number(*id)));
    format!("phase_id IN ({list})")
}

impl Side {
    fn of(place: &Place, phases: Vec<i64>, needs_segments: bool) -> Result<Self, StoreError> {
        let is_of = |phase: &i64| phases.contains(phase);
        let tracks = tracks(place)?.into_iter();
        let tracks = tracks.filter(|(_, (phase, _))| is_of(phase));
        let definitions = definitions(place)?.into_iter();
        let definitions = definitions.filter(|(_, (phase, _))| is_of(phase));
        let mut segments = Vec::new();
        if needs_segments {
            for row in place.rows("is", "id, name FROM @segment FINAL")? {
                segments.extend(Some(row.id(0)?).zip(row.text(1)?));
            }
        }
        let lists = Lists::new(
            tracks.map(|(id, (_, name))| (id, name)).collect(),
            definitions.map(|(id, (_, known))| (id, known)).collect(),
            segments,
        );
        let segments = placed(lists.listed().segments);
        Ok(Self {
            phases,
            lists,
            segments,
        })
    }
}

/// Returns the place and the rank of each segment.
fn placed(names: &[Arc<str>]) -> HashMap<Vec<u8>, Segment> {
    let mut sorted: Vec<(usize, &Arc<str>)> = names.iter().enumerate().collect();
    sorted.sort_by_key(|(_, name)| *name);
    let ranked = sorted.into_iter().enumerate();
    let segment = |(rank, (place, name)): (usize, (usize, &Arc<str>))| {
        (name.as_bytes().to_vec(), Segment { place, rank })
    };
    ranked.map(segment).collect()
}

impl Opened<'_> {
    /// Returns how many ranges are read at once.
    fn ranges(&self) -> usize {
        if self.is_few {
            return 1;
        }
        let names =
            self.own.phases.len() + self.others.as_ref().map_or(0, |other| other.phases.len());
        let goals = self.question.streams().len() * (1 + usize::from(self.is_aliased));
        let most = REQUESTS / (names + goals).max(1);
        self.place.parallelism.min(most).max(1)
    }

    /// Returns the answer for the units of a range.
    fn answer(&self, range: UnitRange) -> Result<Attribution, StoreError> {
        let conversions = self.question.streams().into_iter();
        let conversions = conversions.map(|goal| self.conversions(goal, range));
        let conversions = conversions.collect::<Result<Vec<_>, _>>()?;
        let exposures = self.exposures(&self.own, range)?;
        let lists = &self.own.lists;
        let Some(others) = &self.others else {
            return fold(self.question, lists.listed(), exposures, conversions);
        };
        let of_others = OfPhase {
            exposures: self.exposures(others, range)?,
            tracks: others.lists.tracks(),
        };
        let own = OfPhase {
            exposures,
            tracks: lists.tracks(),
        };
        let listed = Listed {
            segments: others.lists.tracks(),
            ..lists.listed()
        };
        let exposures = joint(own, of_others, self.question);
        fold(self.question, listed, exposures, conversions)
    }

    /// Returns the exposures of a phase, under all its names.
    fn exposures<'a>(
        &'a self,
        side: &'a Side,
        range: UnitRange,
    ) -> Result<Exposures<'a>, StoreError> {
        let streams = side
            .phases
            .iter()
            .map(|phase| self.exposures_of(side, *phase, range));
        let streams = streams.collect::<Result<Vec<_>, _>>()?;
        Ok(all_interleaved(streams.into_iter()))
    }

    fn exposures_of<'a>(
        &'a self,
        side: &'a Side,
        phase: i64,
        range: UnitRange,
    ) -> Result<Exposures<'a>, StoreError> {
        let has_segments = side.lists.has_segments();
        let select = format!(
            "unit, track_id, first.1, first.2, first.3{} FROM @exposure WHERE phase_id = {} \
             AND first.1 < {} AND {} ORDER BY phase_id, unit",
            if has_segments { ", first.4" } else { "" },
            literal::number(phase),
            literal::time(self.question.as_of),
            literal::is_in("unit", range),
        );
        let rows = self.place.stream(&select, move |row| {
            let mut exposed = Exposed {
                unit: Unit::from_bytes(row.fixed()?),
                track: row.int()?,
                at: row.int()?,
                coin: row.byte()?,
                print: row.count()?,
                rank: usize::MAX,
                segment: None,
            };
            if has_segments && let Some(segment) = side.segments.get(&row.text()?) {
                (exposed.rank, exposed.segment) = (segment.rank, Some(segment.place));
            }
            Ok(exposed)
        })?;
        let rows = merged(
            rows,
            |one, other| one.unit == other.unit,
            |one, other| one.track == other.track,
            |row| !self.tombstones.cover(row.unit, row.at()),
        );
        let places = &side.lists.places;
        let exposed = move |row: Exposed| ExposedUnit {
            unit: row.unit,
            track: places.track(row.track).unwrap_or(usize::MAX),
            first_at: row.at(),
            coin: coin(row.coin),
            definition: (row.print != NO_PRINT)
                .then(|| places.definition(phase ^ row.print.cast_signed()))
                .flatten(),
            segment: row.segment,
        };
        Ok(Box::new(rows.map(move |row| row.map(&exposed))))
    }

    /// Returns the conversions of a goal: those of units, and those of users for their visitors.
    fn conversions<'a>(
        &'a self,
        goal: &Goal,
        range: UnitRange,
    ) -> Result<Box<dyn Iterator<Item = Result<ReachedGoal, StoreError>> + 'a>, StoreError> {
        let goal = literal::number(ids::goal(goal));
        let before = literal::time(self.question.as_of);
        let is_exposed = match self.is_few {
            true => format!(
                "AND unit IN (SELECT unit FROM @exposure WHERE {})",
                is_of(&self.own.phases)
            ),
            false => String::new(),
        };
        let own = self.reached(&format!(
            "unit, idem, first.1, first.2 FROM @conversion WHERE goal_id = {goal} AND first.1 < {before} \
             AND {} {is_exposed} ORDER BY goal_id, unit",
            literal::is_in("unit", range),
        ))?;
        let own = merged(
            own,
            |one, other| one.unit == other.unit,
            |one, other| one.idem == other.idem,
            |row| !self.tombstones.cover(row.unit, row.at),
        );
        if !self.is_aliased {
            return Ok(Box::new(own));
        }
        let aliased = self.reached(&aliased(&goal, &before, range))?;
        Ok(Box::new(interleaved(own, aliased, |row| row.unit)))
    }

    fn reached(
        &self,
        select: &str,
    ) -> Result<impl Iterator<Item = Result<ReachedGoal, StoreError>> + use<>, StoreError> {
        self.place.stream(select, |row| {
            Ok(ReachedGoal {
                unit: Unit::from_bytes(row.fixed()?),
                idem: row.fixed()?,
                at: Timestamp::from_micros(row.int()?),
                value: row.int()?,
            })
        })
    }
}

impl Exposed {
    fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.at)
    }
}

/// Selects the conversions of users, each for the visitor of the latest alias not after it; of several, for the
/// smallest visitor.
fn aliased(goal: &str, before: &str, range: UnitRange) -> String {
    let is_linked = format!(
        "IN (SELECT user FROM @alias WHERE {})",
        literal::is_in("visitor", range)
    );
    format!(
        "chosen, idem, at, value FROM (SELECT user, idem, at, value, \
         argMax(visitor, (since, reinterpretAsUInt128(reverse(bitNot(visitor))))) AS chosen \
         FROM {} AS own INNER JOIN {} AS known ON own.unit = known.user \
         WHERE since <= at AND at < {before} GROUP BY user, idem, at, value) WHERE {} ORDER BY chosen",
        conversions(&format!("goal_id = {goal} AND unit {is_linked}")),
        aliases(&format!("user {is_linked}")),
        literal::is_in("chosen", range),
    )
}
