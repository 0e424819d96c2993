//! Losses, summed over all writers.

use std::collections::BTreeMap;

use rusqlite::Transaction;

use crate::event::Goal;
use crate::store::{
    catalog::Loss,
    facts::TrackName,
    sql::{Columns, Named},
};

use crate::store::sqlite::{failure::Outcome, values::named};

pub(in crate::store::sqlite) fn losses(transaction: &Transaction<'_>) -> Outcome<Vec<Loss>> {
    let tracks: Named<TrackName> = named(transaction)?;
    let goals: Named<Goal> = named(transaction)?;
    let mut statement =
        transaction.prepare("SELECT sink, reason, track_id, goal_id, n FROM loss")?;
    let mut rows = statement.query([])?;
    let mut losses: BTreeMap<Loss, u64> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let of = tracks
            .optional(row.get(2)?)?
            .zip(goals.optional(row.get(3)?)?);
        let Some(((track, goal), (sink, reason))) = of.zip(row.text(0)?.zip(row.text(1)?)) else {
            continue;
        };
        let loss = Loss {
            sink,
            reason,
            track: track.cloned(),
            goal: goal.cloned(),
            n: 0,
        };
        let sum = losses.entry(loss).or_default();
        // Not in SQL, where a sum beyond 63 bits is an error.
        *sum = sum.saturating_add(row.count(4)?);
    }
    let losses = losses.into_iter().map(|(loss, n)| Loss { n, ..loss });
    Ok(losses.collect())
}
