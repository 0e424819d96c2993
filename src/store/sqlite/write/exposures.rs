//! First exposures: of each unit and track, the one with the smallest rank stays. The rank does not
//! use ids, so that every store keeps the same row.
//!
//! A row is first inserted, which does nothing if its key is known. Then the known row is compared,
//! in SQL: first time and coin, then fingerprint and name of the segment. A missing coin is
//! compared as −1, and a missing definition or segment comes last.

use rusqlite::{Statement, Transaction, params};

use crate::store::{
    facts::{Batch, ExposureRow, Rank, Ranks},
    written::Rows,
};

use super::ids::Listed;
use crate::store::sqlite::{failure::Outcome, tombstones::Tombstones};

const INSERT: &str = "INSERT INTO exposure (phase_id, unit, track_id, first_at, coin, writer_id, \
        definition_id, segment_id) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";

/// No coin comes before either side; what is not known of the rest comes last. Fingerprints and names
/// are looked up only where all else is the same.
const UPDATE: &str = "UPDATE exposure \
    SET first_at = ?4, coin = ?5, writer_id = ?6, definition_id = ?7, segment_id = ?8 \
    WHERE phase_id = ?1 AND unit = ?2 AND track_id = ?3 AND ( \
        (?4, coalesce(?5, -1)) < (first_at, coalesce(coin, -1)) \
        OR (?4, coalesce(?5, -1)) = (first_at, coalesce(coin, -1)) \
        AND (definition_id IS NOT ?7 OR segment_id IS NOT ?8) \
        AND ( \
            ?7 IS NULL, \
            coalesce((SELECT fingerprint FROM definition WHERE id = ?7), x''), \
            ?8 IS NULL, \
            coalesce((SELECT name FROM segment WHERE id = ?8), '') \
        ) < ( \
            definition_id IS NULL, \
            coalesce((SELECT fingerprint FROM definition WHERE id = definition_id), x''), \
            segment_id IS NULL, \
            coalesce((SELECT name FROM segment WHERE id = segment_id), '') \
        ))";

/// An exposure by its ids. The order is that of the table, and in it that in which one stays.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Exposure {
    key: (i64, [u8; 16], i64),
    rank: Rank,
    writer: i64,
    definition: Option<i64>,
    segment: Option<i64>,
}

/// Writes exposures in the order of their table, of each key the one that stays.
pub(super) fn write(
    transaction: &Transaction<'_>,
    listed: &Listed,
    erased: &mut Tombstones<'_>,
    batch: &Batch,
) -> Outcome<Rows> {
    let mut written = Rows::default();
    let ranks = Ranks::of(batch);
    let mut sorted = Vec::with_capacity(batch.exposures.len());
    for row in &batch.exposures {
        match erased.has(row.unit, row.first_at)? {
            true => written.erased += 1,
            false => sorted.push(exposure(listed, &ranks, row)?),
        }
    }
    sorted.sort_unstable();
    let all = sorted.len() as u64;
    sorted.dedup_by(|next, first| next.key == first.key);
    let mut insert = transaction.prepare(INSERT)?;
    let mut update = transaction.prepare(UPDATE)?;
    for row in &sorted {
        written.new += put(&mut insert, &mut update, row)?;
    }
    written.known = all - written.new;
    Ok(written)
}

/// Returns a row by the ids of this file, with its rank within the batch.
fn exposure(listed: &Listed, ranks: &Ranks, row: &ExposureRow) -> Outcome<Exposure> {
    let (phase, track) = listed.track(row.track)?;
    let definition = row.definition.map(|index| listed.definition(index));
    let segment = row.segment.map(|index| listed.segment(index));
    Ok(Exposure {
        key: (phase, row.unit.to_bytes(), track),
        rank: ranks.rank(row),
        writer: listed.writer(row.writer)?,
        definition: definition.transpose()?,
        segment: segment.transpose()?,
    })
}

/// Returns how many rows are new: one or none.
fn put(insert: &mut Statement<'_>, update: &mut Statement<'_>, row: &Exposure) -> Outcome<u64> {
    let (phase, unit, track) = row.key;
    let (first_at, coin, ..) = row.rank;
    let first_at = first_at.as_micros();
    let (definition, segment) = (row.definition, row.segment);
    let values = params![
        phase, unit, track, first_at, coin, row.writer, definition, segment
    ];
    let new = insert.execute(values)?;
    if new == 0 {
        update.execute(values)?;
    }
    Ok(new as u64)
}
