//! The rows of answers: what a statement selects becomes plain data. A row with a name or a text
//! that is not allowed is `None`, and is left out.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
    sync::Arc,
};

use crate::{
    event::Goal,
    store::{
        attribution::{ExposedUnit, Listed, ReachedGoal},
        catalog::{Definition, PlanEntry, Readout},
        facts::TrackName,
        timestamp::Timestamp,
    },
    unit::Unit,
};

use super::columns::Columns;

// Both databases have these statements. SQLite numbers the parameters of `$1` and `$2` in the order
// in which they first occur, so a statement has to name them in their order.

pub(in crate::store) const PHASES: &str =
    "SELECT set_name, phase, unit_kind, id FROM phase ORDER BY set_name, phase";

pub(in crate::store) const PHASE: &str =
    "SELECT set_name, phase, unit_kind, id FROM phase WHERE set_name = $1 AND phase = $2";

/// Control first.
pub(in crate::store) const TRACKS: &str =
    "SELECT set_name, phase, unit_kind, track.name, control, track.id
    FROM track JOIN phase ON phase.id = phase_id
    WHERE phase_id = $1 ORDER BY control DESC, track.name";

/// Goals with a conversion or a lost conversion. By an index for each goal; losses have none, but few rows.
pub(in crate::store) const GOALS: &str = "SELECT name FROM goal
    WHERE EXISTS (SELECT 1 FROM conversion WHERE goal_id = goal.id)
        OR id IN (SELECT goal_id FROM loss)
    ORDER BY name";

// PostgreSQL has a type of its own for JSON, which its driver does not read as text. In SQLite the cast
// changes nothing.

/// Without those of which no more than the fingerprint is known.
pub(in crate::store) const DEFINITIONS: &str =
    "SELECT fingerprint, CAST(json AS text), first_at, id FROM definition
    WHERE phase_id = $1 AND json IS NOT NULL ORDER BY first_at, fingerprint";

pub(in crate::store) const PLANS: &str =
    "SELECT first_at, json FROM plan WHERE phase_id = $1 ORDER BY first_at, json";

pub(in crate::store) const READOUTS: &str =
    "SELECT set_name, phase, unit_kind, kind, as_of, CAST(json AS text)
    FROM readout JOIN phase ON phase.id = phase_id
    WHERE kind = $1 ORDER BY set_name, phase";

/// How many exposures a phase has at most whose conversions are looked for one by one, and how many
/// more conversions the goal has to have: else reading all of them is sooner done.
pub(in crate::store) const FEW: i64 = 50_000;
pub(in crate::store) const TIMES: i64 = 8;

pub(in crate::store) const EXPOSURES_OR_MORE: &str = "SELECT count(*) FROM
    (SELECT 1 FROM exposure WHERE phase_id = $1 LIMIT $2) AS exposed";

pub(in crate::store) const USERS_IN_SEVERAL_TRACKS: &str = "SELECT count(*) FROM (
        SELECT 1 FROM alias JOIN exposure ON exposure.unit = alias.visitor
        WHERE exposure.phase_id = $1 AND exposure.first_at < $2 AND alias.first_at < $2
        GROUP BY alias.\"user\"
        HAVING count(DISTINCT alias.visitor) > 1 AND count(DISTINCT track_id) > 1
    ) AS users";

/// Reads a definition from its fingerprint, JSON and time.
pub(in crate::store) fn definition<R: Columns>(
    row: &R,
    first: usize,
) -> Result<Option<Definition>, R::Failure> {
    let (fingerprint, first_at) = (row.fingerprint(first)?, row.time(first + 2)?);
    Ok(row.json(first + 1)?.map(|json| Definition {
        fingerprint,
        json,
        first_at,
    }))
}

/// Reads an entry of the log of plans from its time and JSON.
pub(in crate::store) fn plan<R: Columns>(row: &R) -> Result<Option<PlanEntry>, R::Failure> {
    let first_at = row.time(0)?;
    Ok(row.json(1)?.map(|json| PlanEntry { first_at, json }))
}

/// Reads a read-out from its phase, kind, time and JSON.
pub(in crate::store) fn readout<R: Columns>(row: &R) -> Result<Option<Readout>, R::Failure> {
    let as_of = row.time(4)?;
    let parts = row.phase(0)?.zip(row.text(3)?).zip(row.json(5)?);
    Ok(parts.map(|((phase, kind), json)| Readout {
        phase,
        kind,
        as_of,
        json,
    }))
}

/// An exposure of a history: its time, its track and its side of the coin.
type Exposed = (Timestamp, TrackName, Option<bool>);

/// Reads an exposure of a history.
pub(in crate::store) fn exposure<R: Columns>(row: &R) -> Result<Option<Exposed>, R::Failure> {
    let (at, coin) = (row.time(5)?, row.optional_flag(6)?);
    Ok(row.track(0)?.map(|track| (at, track, coin)))
}

/// Reads a conversion of a history.
pub(in crate::store) fn conversion<R: Columns>(
    row: &R,
) -> Result<Option<(Timestamp, Goal, i64)>, R::Failure> {
    let (at, value) = (row.time(1)?, row.number(2)?);
    Ok(row.goal(0)?.map(|goal| (at, goal, value)))
}

/// Reads the other side of an alias of a history.
pub(in crate::store) fn alias<R: Columns>(
    row: &R,
) -> Result<Option<(Timestamp, Unit)>, R::Failure> {
    Ok(Some((row.time(1)?, row.unit(0)?)))
}

/// The tracks, definitions and segments of a phase, as the fold takes them.
pub(in crate::store) struct Lists {
    tracks: Vec<Arc<str>>,
    /// The earliest first, then by fingerprint.
    definitions: Vec<Definition>,
    segments: Vec<Arc<str>>,
    pub(in crate::store) places: Places,
}

/// Where tracks, definitions and segments are in the lists of the fold, by id. They are few and are looked up for each
/// row, so an ordered map is faster than one that hashes.
#[derive(Clone)]
pub(in crate::store) struct Places {
    tracks: BTreeMap<i64, usize>,
    definitions: BTreeMap<i64, usize>,
    segments: BTreeMap<i64, usize>,
}

impl Lists {
    /// Makes the lists of a phase under all names of its set: what occurs under several of them has one
    /// place.
    pub(in crate::store) fn new<I: Copy + Into<i64>>(
        tracks: Vec<(I, TrackName)>,
        mut definitions: Vec<(I, Definition)>,
        segments: Vec<(I, Arc<str>)>,
    ) -> Self {
        definitions.sort_by_key(|(_, known)| (known.first_at, known.fingerprint));
        let tracks = tracks.into_iter().map(|(id, name)| (id, name.track));
        let (tracks, of_tracks) = placed(tracks, Arc::clone);
        let (definitions, of_definitions) = placed(definitions, |known| known.fingerprint);
        let (segments, of_segments) = placed(segments, Arc::clone);
        Self {
            tracks,
            definitions,
            segments,
            places: Places {
                tracks: of_tracks,
                definitions: of_definitions,
                segments: of_segments,
            },
        }
    }

    pub(in crate::store) fn tracks(&self) -> &[Arc<str>] {
        &self.tracks
    }

    /// Returns whether there is any segment, so that the rows of exposures need it.
    pub(in crate::store) fn has_segments(&self) -> bool {
        !self.segments.is_empty()
    }

    /// Returns what the rows refer to.
    pub(in crate::store) fn listed(&self) -> Listed<'_> {
        Listed {
            tracks: &self.tracks,
            definitions: &self.definitions,
            segments: &self.segments,
        }
    }
}

impl Places {
    /// Returns the place of a track, by its id.
    #[cfg(feature = "clickhouse")]
    pub(in crate::store) fn track(&self, id: i64) -> Option<usize> {
        self.tracks.get(&id).copied()
    }

    /// Returns the place of a definition, by its id.
    #[cfg(feature = "clickhouse")]
    pub(in crate::store) fn definition(&self, id: i64) -> Option<usize> {
        self.definitions.get(&id).copied()
    }

    /// Reads an exposure of a phase. A track with an invalid name has no place, and the fold leaves
    /// it out.
    pub(in crate::store) fn exposed<R: Columns>(&self, row: &R) -> Result<ExposedUnit, R::Failure> {
        let place = self.tracks.get(&row.id(1)?).copied();
        let definition = row.optional_id(4)?;
        Ok(ExposedUnit {
            unit: row.unit(0)?,
            track: place.unwrap_or(usize::MAX),
            first_at: row.time(2)?,
            coin: row.optional_flag(3)?,
            definition: definition.and_then(|id| self.definitions.get(&id).copied()),
            segment: self.segment(row)?,
        })
    }

    /// Returns the index of the segment of a row.
    fn segment<R: Columns>(&self, row: &R) -> Result<Option<usize>, R::Failure> {
        // Where no segment is known, the rows have no such column, which saves reading it.
        if self.segments.is_empty() {
            return Ok(None);
        }
        let id = row.optional_id(5)?;
        Ok(id.and_then(|id| self.segments.get(&id).copied()))
    }
}

/// Returns the rows, the first of each key, and the place of each row among them by id.
fn placed<I: Into<i64>, T, K: Eq + Hash>(
    rows: impl IntoIterator<Item = (I, T)>,
    key: impl Fn(&T) -> K,
) -> (Vec<T>, BTreeMap<i64, usize>) {
    let (mut listed, mut known, mut places) = (Vec::new(), HashMap::new(), BTreeMap::new());
    for (id, row) in rows {
        let next = listed.len();
        let place = *known.entry(key(&row)).or_insert(next);
        if place == next {
            listed.push(row);
        }
        places.insert(id.into(), place);
    }
    (listed, places)
}

/// Reads a conversion of a goal, by its own unit or another one.
pub(in crate::store) fn reached<R: Columns>(row: &R) -> Result<ReachedGoal, R::Failure> {
    Ok(ReachedGoal {
        unit: row.unit(0)?,
        idem: row.uuid(1)?,
        at: row.time(2)?,
        value: row.number(3)?,
    })
}
