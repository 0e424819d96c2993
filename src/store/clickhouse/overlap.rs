//! Counts by day, and units in several phases or tracks. They are counted in the database.

use std::time::Duration;

use crate::store::{
    catalog::{ConversionsByDay, Overlap},
    error::StoreError,
    facts::PhaseName,
    sql::Columns,
    timestamp::Timestamp,
};

use super::{
    catalog::goal_names,
    ids, literal,
    place::Place,
    visible::{aliases, conversion_times, exposure_times},
};

/// Returns the whole number of spans before a time, also before 1970.
pub(super) fn floored(at: &str, span: i64) -> String {
    format!("(intDiv({at}, {span}) - ({at} < 0 AND modulo({at}, {span}) != 0))")
}

pub(super) fn conversions_by_day(
    place: &Place,
    as_of: Timestamp,
) -> Result<ConversionsByDay, StoreError> {
    let goals = goal_names(place)?;
    let select = format!(
        "goal_id, toInt64({}) AS day, count() FROM {} WHERE at < {} GROUP BY goal_id, day",
        floored("at", 86_400_000_000),
        conversion_times("1"),
        literal::time(as_of)
    );
    let mut days = ConversionsByDay::new();
    for row in place.scanned("iiu", &select)? {
        if let Some(goal) = goals.get(&row.id(0)?) {
            let day = i32::try_from(row.number(1)?).unwrap_or_default();
            days.insert((goal.clone(), day), row.count(2)?);
        }
    }
    Ok(days)
}

pub(super) fn overlap(
    place: &Place,
    phase: &PhaseName,
    previous: Option<(&PhaseName, Duration)>,
    as_of: Timestamp,
) -> Result<Overlap, StoreError> {
    let of_previous_phase = match previous {
        Some((previous, window)) => of_previous(place, phase, previous, window, as_of)?,
        None => 0,
    };
    Ok(Overlap {
        of_previous_phase,
        users_in_several_tracks: users_in_several_tracks(place, phase, as_of)?,
    })
}

pub(super) fn is_of(phase: &PhaseName) -> String {
    format!("phase_id = {}", literal::number(ids::phase(phase)))
}

fn of_previous(
    place: &Place,
    phase: &PhaseName,
    previous: &PhaseName,
    window: Duration,
    as_of: Timestamp,
) -> Result<u64, StoreError> {
    let as_of = literal::time(as_of);
    let first = |phase| {
        format!(
            "(SELECT unit, min(at) AS met FROM {} WHERE at < {as_of} GROUP BY unit)",
            exposure_times(&is_of(phase))
        )
    };
    // A time has 64 bits, and so has the sum of a time and a window here: the largest time ends all.
    let window = i64::try_from(window.as_micros()).unwrap_or(i64::MAX);
    let count = format!(
        "count() FROM {} AS present INNER JOIN {} AS former ON present.unit = former.unit \
         WHERE present.met < least(toInt128(former.met) + {window}, toInt128({}))",
        first(phase),
        first(previous),
        i64::MAX
    );
    place.scanned_number(&count)
}

fn users_in_several_tracks(
    place: &Place,
    phase: &PhaseName,
    as_of: Timestamp,
) -> Result<u64, StoreError> {
    if place.number("count() FROM @alias")? == 0 {
        return Ok(0);
    }
    let as_of = literal::time(as_of);
    place.scanned_number(&format!(
        "count() FROM (SELECT user, uniqExact(visitor) AS visitors, uniqExact(track_id) AS tracks \
         FROM {} AS met INNER JOIN {} AS known ON unit = visitor WHERE at < {as_of} AND since < {as_of} \
         GROUP BY user HAVING visitors > 1 AND tracks > 1)",
        exposure_times(&is_of(phase)),
        aliases("1")
    ))
}
