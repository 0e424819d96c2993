use crate::{
    report::{Day, DecidedTrack, Decision, Judgement, Utc},
    stats::{Cell, GoalReadout},
};

use super::{Measured, Midnight};

impl Decision {
    /// Returns what the looks of a plan decided, once they decided each track that is compared.
    pub(super) fn of(measured: &Measured, readout: &GoalReadout) -> Option<Self> {
        let looks = measured.counts.plan.as_ref()?;
        let tracks = measured.report.tracks.iter().skip(1).zip(1..);
        let compared = readout.tracks.iter().zip(tracks);
        let compared = compared.filter(|(read, _)| !read.is_off());
        let mut decided_at: Option<&Midnight> = None;
        let mut tracks = Vec::new();
        for (read, (track, index)) in compared {
            let verdict = read.decision.as_ref()?;
            let look = read.look?.look;
            let midnight = &measured.looked.get(look)?.midnight;
            let units = |index: usize| looks[look].cells.get(index).map(units);
            decided_at = decided_at
                .filter(|other| other.day >= midnight.day)
                .or(Some(midnight));
            let judgement = Judgement::from(verdict);
            tracks.push(DecidedTrack {
                track: track.track.clone(),
                day: Day(midnight.day),
                units: [units(index)?, units(0)?],
                verdict: judgement.kind,
                sentence: judgement.sentence,
            });
        }
        Some(Self {
            decided_at: Utc(decided_at?.time()),
            tracks,
        })
    }
}

fn units(cell: &Cell) -> u64 {
    cell.counted.units()
}
