//! The periods of a phase whose weights changed.

use crate::{
    report::{Answer, PartGoal, PartGoalTrack, PartTrack, PeriodReport, TrackReport, Utc},
    stats::Counted,
    store::{Cohort, StoreError},
};

use super::{
    Draft,
    cells::{TrackSums, cell, sums},
    goals::{Asked, label, source, value},
    health::hex,
    judged::compared,
    served::Served,
};

/// Returns the part of each definition, if the weights changed; otherwise nothing. Within a period,
/// weights are constant, so its tracks can be compared.
pub(super) fn periods(draft: &Draft<'_>) -> Result<Vec<PeriodReport>, StoreError> {
    if draft.served.weights_changed().is_none() {
        return Ok(Vec::new());
    }
    let served = draft.served.that_matter();
    served.map(|served| period(draft, served)).collect()
}

/// Returns the part of one definition.
fn period(draft: &Draft<'_>, served: &Served) -> Result<PeriodReport, StoreError> {
    let goals = draft.reading.asked(draft.facts);
    let goals = goals.map(|asked| goal(asked, served, draft));
    let track = |track: &TrackReport| PartTrack {
        name: track.name.clone(),
        weight: served.weight(&track.name),
        units: served.units.get(&track.name).copied().unwrap_or_default(),
    };
    Ok(PeriodReport {
        fingerprint: hex(&served.fingerprint),
        from: Utc(served.first_at),
        until: Utc(served.last_at),
        tracks: draft.lineup.tracks.iter().map(track).collect(),
        goals: goals.collect::<Result<_, StoreError>>()?,
    })
}

/// Returns a goal over the units of one definition.
fn goal(asked: Asked<'_>, served: &Served, draft: &Draft<'_>) -> Result<PartGoal, StoreError> {
    let is_served = |cohort: &Cohort| cohort.definition == Some(served.index);
    let sums = sums(asked, &draft.lineup, is_served, Cohort::is_crossed)?;
    let cells = sums
        .iter()
        .map(|sums| cell(&sums.closed, asked.metric.kind()));
    let cells: Vec<Counted> = cells.map(|cell| cell.counted).collect();
    let test = &draft.test;
    let track = |(index, sums): (usize, &TrackSums)| PartGoalTrack {
        units: sums.closed.units,
        converters: sums.closed.converters,
        value: Answer::from(value(&cells[index])),
        compared: (index > 0).then(|| compared(&cells[index].compare(&cells[0], test), None)),
    };
    Ok(PartGoal {
        label: label(&source(asked.metric)),
        tracks: sums.iter().enumerate().map(track).collect(),
    })
}
