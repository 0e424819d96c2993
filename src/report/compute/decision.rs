//! The decision of a plan.

use crate::{
    report::{Day, DecidedTrack, Decision, Judgement, Utc},
    stats::GoalReadout,
};

use super::Measured;

impl Decision {
    /// Returns the decision of a goal's plan, once each of its tracks is decided; `None` for a goal
    /// without a plan.
    pub(super) fn of(measured: &Measured, readout: &GoalReadout) -> Option<Self> {
        let looks = measured.counts.plan.as_ref()?;
        let ended = measured.looked.get(readout.ended?)?;
        let tracks = measured.report.tracks.iter().zip(0..).skip(1);
        let decided = tracks
            .zip(&readout.tracks)
            .filter_map(|((track, index), read)| {
                let verdict = Judgement::from(read.decision.as_ref()?);
                let look = read.look?.look;
                let units = |index: usize| Some(looks[look].cells.get(index)?.counted.units());
                Some(DecidedTrack {
                    track: track.track.clone(),
                    day: Day(measured.looked.get(look)?.midnight.day),
                    units: [units(index)?, units(0)?],
                    verdict: verdict.kind,
                    sentence: verdict.sentence,
                })
            });
        let mut tracks: Vec<DecidedTrack> = decided.collect();
        tracks.sort_by(|one, other| one.track.cmp(&other.track));
        (!tracks.is_empty()).then_some(Self {
            decided_at: Utc(ended.midnight.time),
            tracks,
        })
    }
}
