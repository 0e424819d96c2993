use super::{failure::Outcome, place::Place};
use crate::record::stores::claim::other_units;

const CLAIMED: &str = "SELECT value FROM meta WHERE key = 'units'";

pub(super) async fn claim(place: Place, units: String) -> Outcome<()> {
    let mut tx = place.changing().await?;
    let mut claimed: Option<String> = sqlx::query_scalar(CLAIMED).fetch_optional(&mut *tx).await?;
    if claimed.is_none() {
        let insert = "INSERT INTO meta VALUES ('units', $1) ON CONFLICT DO NOTHING";
        sqlx::query(insert).bind(&units).execute(&mut *tx).await?;
        claimed = sqlx::query_scalar(CLAIMED).fetch_optional(&mut *tx).await?;
        tx.commit().await?;
    }
    match claimed == Some(units) {
        true => Ok(()),
        false => Err(other_units().into()),
    }
}

/// Returns what was said of units.
pub(super) async fn claimed(place: Place) -> Outcome<Option<String>> {
    let mut tx = place.reading().await?;
    Ok(sqlx::query_scalar(CLAIMED).fetch_optional(&mut *tx).await?)
}
