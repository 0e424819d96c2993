//! The claim of the store for one scheme of units: a row of the table `meta`, which the first
//! program inserts.

use super::{
    failure::Outcome,
    place::{Place, Tx},
    statement,
};
use crate::store::claim::other_units;

const CLAIMED: &str = "SELECT value FROM meta WHERE key = 'units'";

/// Claims a store that is open.
pub(super) async fn claim(place: Place, units: String) -> Outcome<()> {
    claim_in(place.changing().await?, units).await
}

/// Claims a store whose tables were just found or made.
pub(super) async fn claim_new(place: &Place, units: String) -> Outcome<()> {
    claim_in(place.migrating().await?, units).await
}

/// Claims the store in a transaction, and ends it.
async fn claim_in(mut tx: Tx, units: String) -> Outcome<()> {
    // Usually the store is claimed. Checking first spares the insertion, for which a role that only
    // reads has no right.
    let mut claimed: Option<String> = statement::scalar(CLAIMED).fetch_optional(&mut *tx).await?;
    if claimed.is_none() {
        // Another program may be about to claim it: then this waits for that one and inserts nothing, and
        // the claim is read again.
        let insert = "INSERT INTO meta VALUES ('units', $1) ON CONFLICT DO NOTHING";
        let insert = statement::query(insert).bind(&units);
        insert.execute(&mut *tx).await?;
        claimed = statement::scalar(CLAIMED).fetch_optional(&mut *tx).await?;
        tx.commit().await?;
    } else {
        tx.end();
    }
    match claimed == Some(units) {
        true => Ok(()),
        false => Err(other_units().into()),
    }
}

/// Returns the claim of units.
pub(super) async fn claimed(place: Place) -> Outcome<Option<String>> {
    let mut tx = place.reading().await?;
    let claimed = statement::scalar(CLAIMED).fetch_optional(&mut *tx).await?;
    tx.end();
    Ok(claimed)
}
