//! The periods of a phase whose weights changed.

use crate::{
    report::{
        Answer, PeriodGoal, PeriodGoalTrack, PeriodReport, PeriodTrack, Utc, facts::PhaseFacts,
    },
    stats::Test,
    store::StoreError,
};

use super::{
    AllServed, Lineup, Reading,
    cells::TrackSums,
    goals::{Asked, label_of, sums, value},
    health::hex,
    judged::compared,
    served::Served,
};

/// Returns the part of each definition, if the weights changed; otherwise nothing. Within a period,
/// weights are constant, so its tracks can be compared.
pub(super) fn periods(
    facts: &PhaseFacts,
    (lineup, served): (&Lineup, &AllServed),
    (reading, test): (&Reading, &Test),
) -> Result<Vec<PeriodReport>, StoreError> {
    let period = |served: &Served| {
        let goals = reading.asked(facts);
        let goals = goals.map(|asked| goal(asked, served, (lineup, test)));
        Ok(PeriodReport {
            fingerprint: hex(&served.fingerprint),
            from: Utc(served.first_at),
            until: Utc(served.last_at),
            tracks: tracks(lineup, served),
            goals: goals.collect::<Result<_, StoreError>>()?,
        })
    };
    match served.weights_changed() {
        Some(_) => served.that_matter().map(period).collect(),
        None => Ok(Vec::new()),
    }
}

/// Returns the tracks with the weights and units of one definition.
fn tracks(lineup: &Lineup, served: &Served) -> Vec<PeriodTrack> {
    let track = |track: &crate::report::TrackReport| PeriodTrack {
        name: track.name.clone(),
        weight: served.weight(&track.name),
        units: served.units.get(&track.name).copied().unwrap_or_default(),
    };
    lineup.tracks.iter().map(track).collect()
}

/// Returns a goal over the units of one definition.
fn goal(
    asked: Asked<'_>,
    served: &Served,
    (lineup, test): (&Lineup, &Test),
) -> Result<PeriodGoal, StoreError> {
    let sums = sums(asked, lineup, |cohort| {
        cohort.definition == Some(served.index)
    })?;
    let cells: Vec<_> = sums
        .iter()
        .map(|sums| sums.counted(asked.metric.kind()).counted)
        .collect();
    let track = |(index, sums): (usize, &TrackSums)| PeriodGoalTrack {
        units: sums.closed.units,
        converters: sums.closed.converters,
        value: Answer::from(value(&cells[index])),
        compared: (index > 0).then(|| compared(&cells[index].compare(&cells[0], test), None)),
    };
    Ok(PeriodGoal {
        label: label_of(asked.metric),
        tracks: sums.iter().enumerate().map(track).collect(),
    })
}
