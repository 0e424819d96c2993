//! The facts of one unit, sorted here.

use std::collections::HashMap;

use crate::{
    store::{catalog::History, error::StoreError, facts::TrackName, sql::Columns},
    unit::Unit,
};

use super::{
    catalog::{goal_names, tracks},
    literal,
    place::Place,
    row::coin,
    visible::{aliases, conversions, exposures},
};

pub(super) fn history(place: &Place, unit: Unit) -> Result<History, StoreError> {
    let id = literal::unit(unit);
    let is_it = format!("unit = {id}");
    let mut history = History::default();
    let tracks: HashMap<i64, (i64, TrackName)> = tracks(place)?.into_iter().collect();
    let select = format!("track_id, at, coin FROM {}", exposures(&is_it));
    for row in place.rows("iib", &select)? {
        if let Some((_, track)) = tracks.get(&row.id(0)?) {
            let coin = coin(row.number(2)? as u8);
            history.exposures.push((row.time(1)?, track.clone(), coin));
        }
    }
    let goals = goal_names(place)?;
    let select = format!("goal_id, at, value FROM {}", conversions(&is_it));
    for row in place.rows("iii", &select)? {
        if let Some(goal) = goals.get(&row.id(0)?) {
            history
                .conversions
                .push((row.time(1)?, goal.clone(), row.number(2)?));
        }
    }
    let select = format!(
        "if(visitor = {id}, user, visitor) AS other, since FROM {}",
        aliases(&format!("user = {id} OR visitor = {id}"))
    );
    for row in place.rows("xi", &select)? {
        history.aliases.push((row.time(1)?, row.unit(0)?));
    }
    let select = format!("kind, key FROM @raw_unit FINAL WHERE {is_it}");
    for row in place.rows("ss", &select)? {
        history.raw = row.text(0)?.zip(Some(row.blob(1)?));
    }
    let select = format!("max(at) FROM @erased WHERE {is_it} HAVING count() > 0");
    for row in place.rows("i", &select)? {
        history.erased_at = Some(row.time(0)?);
    }
    let has_facts = !(history.exposures.is_empty()
        && history.conversions.is_empty()
        && history.aliases.is_empty());
    // An erasure that did not come to its end may have left the key.
    history.raw = history
        .raw
        .filter(|_| history.erased_at.is_none() || has_facts);
    history.exposures.sort();
    history.conversions.sort();
    history.aliases.sort();
    Ok(history)
}
