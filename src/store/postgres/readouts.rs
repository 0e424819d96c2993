//! Read-outs: one for each phase and kind.

use std::slice;

use super::{
    catalog::valid, failure::Outcome, ids::phases, moment::Moment, place::Place, statement,
};
use crate::store::{catalog::Readout, sql::answers};

const PUT: &str = "INSERT INTO readout (phase_id, kind, as_of, json)
    SELECT phase_id, $2, $3, $4::json FROM unnest($1) AS asked (phase_id)
    ON CONFLICT (phase_id, kind) DO UPDATE SET as_of = excluded.as_of, json = excluded.json";

/// Stores a read-out in place of the previous one.
pub(super) async fn put(place: Place, readout: Readout) -> Outcome<()> {
    let mut tx = place.changing().await?;
    let phases = phases(slice::from_ref(&readout.phase), &mut tx).await?;
    let query = statement::query(PUT).bind(phases).bind(&*readout.kind);
    let query = query.bind(Moment::from(readout.as_of)).bind(&*readout.json);
    query.execute(&mut *tx).await?;
    tx.commit().await
}

/// Returns the read-outs of a kind.
pub(super) async fn readouts(place: Place, kind: String) -> Outcome<Vec<Readout>> {
    let mut tx = place.reading().await?;
    let query = statement::query(answers::READOUTS).bind(kind);
    let rows = query.fetch_all(&mut *tx).await?;
    tx.end();
    valid(&rows, answers::readout)
}
