//! The ids of what a batch lists, and its facts as rows of an insert.

use crate::store::facts::{
    AliasRow, Batch, ConversionRow, DefinitionRow, ExposureRow, LatencyRow, LossRow, PlanRow,
    SumRow,
};

use super::{
    ids::{self, NO_PRINT},
    row::coin_number,
    row_binary::Encoder,
};

/// No segment. It comes after all texts, as their bytes are smaller.
pub(super) const NO_SEGMENT: &[u8] = b"\xff";

/// The ids of names, by their indices in a batch.
pub(super) struct Listed {
    pub(super) writers: Vec<i64>,
    pub(super) phases: Vec<i64>,
    /// With the ids of their phases.
    pub(super) tracks: Vec<(i64, i64)>,
    pub(super) goals: Vec<i64>,
    prints: Vec<u64>,
}

impl Listed {
    pub(super) fn of(batch: &Batch) -> Self {
        let tracks = batch.tracks().iter();
        let definitions = batch.definition_names().iter();
        Self {
            writers: batch.writers().iter().map(ids::writer).collect(),
            phases: batch.phases().iter().map(ids::phase).collect(),
            tracks: tracks
                .map(|name| (ids::phase(&name.phase), ids::track(name)))
                .collect(),
            goals: batch.goals().iter().map(ids::goal).collect(),
            prints: definitions
                .map(|name| ids::print(&name.fingerprint))
                .collect(),
        }
    }
}

/// Returns the id at an index. A batch is checked before, so there is one.
fn at<T: Copy + Default>(ids: &[T], index: u32) -> T {
    ids.get(index as usize).copied().unwrap_or_default()
}

pub(super) const EXPOSURE: &str = "exposure (phase_id, unit, track_id, first)";

pub(super) fn exposure(row: &ExposureRow, batch: &Batch, listed: &Listed, rows: &mut Encoder) {
    let (phase, track) = at(&listed.tracks, row.track);
    let print = row
        .definition
        .map_or(NO_PRINT, |index| at(&listed.prints, index));
    let segment = row
        .segment
        .and_then(|index| batch.segments().get(index as usize));
    let segment = segment.map_or(NO_SEGMENT, |name| name.as_bytes());
    rows.int(phase).fixed(&row.unit.to_bytes()).int(track);
    rows.int(row.first_at.as_micros())
        .byte(coin_number(row.coin));
    rows.count(print)
        .text(segment)
        .int(at(&listed.writers, row.writer));
}

pub(super) const CONVERSION: &str = "conversion (goal_id, unit, idem, first)";

pub(super) fn conversion(row: &ConversionRow, listed: &Listed, rows: &mut Encoder) {
    rows.int(at(&listed.goals, row.goal))
        .fixed(&row.unit.to_bytes())
        .fixed(&row.idem);
    rows.int(row.at.as_micros())
        .int(row.value)
        .int(at(&listed.writers, row.writer));
}

pub(super) const ALIAS: &str = "alias (user, visitor, first_at)";

pub(super) fn alias(row: &AliasRow, rows: &mut Encoder) {
    rows.fixed(&row.user.to_bytes())
        .fixed(&row.visitor.to_bytes());
    rows.int(row.first_at.as_micros());
}

pub(super) const DEFINITION: &str = "definition (id, phase_id, fingerprint, known)";

pub(super) fn definition(row: &DefinitionRow, listed: &Listed, rows: &mut Encoder) {
    let phase = at(&listed.phases, row.phase);
    let id = phase ^ ids::print(&row.fingerprint).cast_signed();
    rows.int(id).int(phase).fixed(&row.fingerprint);
    rows.byte(0)
        .int(row.first_at.as_micros())
        .text(row.json.as_bytes());
}

pub(super) const PLAN: &str = "plan (phase_id, first_at, json)";

pub(super) fn plan(row: &PlanRow, listed: &Listed, rows: &mut Encoder) {
    rows.int(at(&listed.phases, row.phase))
        .int(row.first_at.as_micros());
    rows.text(row.json.as_bytes());
}

pub(super) const SUM: &str = "request_sum (track_id, bucket, writer_id, requests, errors, aborted, duration_us, duration_us_sq)";

pub(super) fn sum(row: &SumRow, listed: &Listed, rows: &mut Encoder) {
    let (_, track) = at(&listed.tracks, row.track);
    rows.int(track)
        .short(row.bucket)
        .int(at(&listed.writers, row.writer));
    let sums = &row.sums;
    rows.count(sums.requests)
        .count(sums.errors)
        .count(sums.aborted);
    rows.count(sums.duration_us).wide(sums.duration_us_sq);
}

pub(super) const LATENCY: &str = "latency (track_id, unit_group, bin, writer_id, requests)";

pub(super) fn latency(row: &LatencyRow, listed: &Listed, rows: &mut Encoder) {
    let (_, track) = at(&listed.tracks, row.track);
    rows.int(track).byte(row.group).byte(row.bin);
    rows.int(at(&listed.writers, row.writer))
        .count(row.requests);
}

pub(super) const LOSS: &str = "loss (writer_id, track_id, goal_id, sink, reason, n)";

pub(super) fn loss(row: &LossRow, listed: &Listed, rows: &mut Encoder) {
    let track = row.track.map_or(0, |index| at(&listed.tracks, index).1);
    let goal = row.goal.map_or(0, |index| at(&listed.goals, index));
    rows.int(at(&listed.writers, row.writer))
        .int(track)
        .int(goal);
    rows.text(row.sink.as_bytes())
        .text(row.reason.as_bytes())
        .count(row.n);
}
