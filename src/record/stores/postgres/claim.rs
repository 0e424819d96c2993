use super::{failure::Outcome, place::Place};
use crate::record::stores::claim::other_units;

pub(super) async fn claim(place: Place, units: String) -> Outcome<()> {
    let mut tx = place.changing().await?;
    let select = "SELECT value FROM meta WHERE key = 'units'";
    let mut claimed: Option<String> = sqlx::query_scalar(select).fetch_optional(&mut *tx).await?;
    if claimed.is_none() {
        let insert = "INSERT INTO meta VALUES ('units', $1) ON CONFLICT DO NOTHING";
        sqlx::query(insert).bind(&units).execute(&mut *tx).await?;
        claimed = sqlx::query_scalar(select).fetch_optional(&mut *tx).await?;
        tx.commit().await?;
    }
    match claimed == Some(units) {
        true => Ok(()),
        false => Err(other_units().into()),
    }
}
