use crate::{
    report::{
        Answer, Compared, Estimated, GoalReport, GoalSource, GoalTrack, Judgement, TrackChance,
    },
    stats::{Chance, Comparison, Counted, GoalReadout, Rate, Test, TrackReadout, chances},
};

use super::{Measured, detectable::detectable};

impl Measured {
    /// Writes down what statistics say of the goal; `test` is what it was judged by, before alpha
    /// was shared among `comparisons`.
    pub(super) fn judged(self, readout: &GoalReadout, test: &Test, comparisons: u32) -> GoalReport {
        let chances = self.chances(readout);
        let Self { mut report, cells } = self;
        let first = readout
            .tracks
            .iter()
            .find_map(|track| track.comparison.as_ref().ok());
        let mut tracks = report.tracks.iter_mut();
        if let (Some(control), Some(first)) = (tracks.next(), first) {
            control.value = Answer::Known(first.control.into());
        }
        for (track, read) in tracks.zip(&readout.tracks) {
            compare(track, read);
        }
        let control = cells.first().map(|cell| cell.counted);
        for ((track, cell), chance) in report.tracks.iter_mut().zip(&cells).zip(chances) {
            track.chance = chance;
            let control = control.filter(|_| track.compared.is_some());
            let smallest = |control| detectable(&control, &cell.counted, test, comparisons);
            track.detectable = control.map(smallest).map(Answer::from);
        }
        report
    }

    /// The chances to be best, which is to be lowest where less is better.
    fn chances(&self, readout: &GoalReadout) -> Vec<Option<TrackChance>> {
        let is_turned = self.report.less_is_better
            && matches!(self.report.source, GoalSource::Rate { .. })
            && readout.chances.iter().any(Option::is_some);
        if !is_turned {
            return readout
                .chances
                .iter()
                .map(|chance| chance.map(TrackChance::from))
                .collect();
        }
        let takes_part = || readout.chances.iter().map(Option::is_some);
        let tracks = self.cells.iter().zip(takes_part());
        let rates: Vec<Rate> = tracks
            .filter_map(|(cell, takes_part)| takes_part.then(|| turned(&cell.counted))?)
            .collect();
        let mut turned = chances(&rates).unwrap_or_default().into_iter();
        let next = |takes_part: bool| takes_part.then(|| turned.next())?.map(TrackChance::from);
        takes_part().map(next).collect()
    }
}

/// Those who did not convert, in the place of those who did.
fn turned(counted: &Counted) -> Option<Rate> {
    match counted {
        Counted::Rate(rate) => Some(Rate {
            converters: rate.others(),
            ..*rate
        }),
        _ => None,
    }
}

fn compare(track: &mut GoalTrack, read: &TrackReadout) {
    if let Ok(comparison) = &read.comparison {
        track.value = Answer::Known(Estimated::from(comparison.track));
    }
    let compared = |comparison: &Comparison| Compared::new(comparison, read.adjusted_p);
    let comparison = read.comparison.as_ref().map(compared).map_err(|why| *why);
    track.compared = Some(comparison.into());
    track.verdict = Some(Judgement::from(&read.verdict));
}

impl From<Chance> for TrackChance {
    fn from(chance: Chance) -> Self {
        Self {
            best: chance.best,
            beats_control: chance.beats_control,
            expected_loss: chance.expected_loss,
        }
    }
}
