//! Verdicts, comparisons and chances, from the statistics into the report.

use crate::{
    assign::MetricKind,
    report::{
        Answer, Compared, Day, Estimated, GoalReport, GoalSource, GoalTrack, Judgement, PlanLook,
        SoFar, TrackChance,
    },
    stats::{
        self, Cell, Chance, Comparison, Counted, GoalReadout, NoAnswer, Rate, TrackReadout, chances,
    },
};

use super::{
    Looked, Measured,
    detectable::Detector,
    goals::{of_track, value},
};

impl Measured {
    /// Returns the counts that the verdicts are about: those of the latest look of a plan,
    /// otherwise those of all closed units.
    pub(super) fn read_cells(&self, readout: &GoalReadout) -> Vec<Cell> {
        let latest = readout.tracks.iter().filter_map(|track| track.look);
        let latest = latest.map(|look| look.look).max();
        let look = latest.and_then(|look| self.counts.plan.as_ref()?.get(look));
        look.map_or(&self.counts.cells, |look| &look.cells).clone()
    }

    /// Returns the finished report of a goal.
    pub(super) fn judged(self, readout: &GoalReadout, detector: &Detector) -> GoalReport {
        let cells = self.read_cells(readout);
        let chances = self.chances(&cells, readout);
        let Self {
            mut report,
            counts,
            looked,
            kind,
        } = self;
        take_looks(&mut report, readout, (&looked, kind.as_ref()));
        let first = readout.tracks.iter();
        let mut first = first.filter_map(|track| track.comparison.as_ref().ok());
        if let (Some(control), Some(first)) = (report.tracks.first_mut(), first.next()) {
            control.value = Answer::Known(first.control.into());
        }
        let is_share = report.is_share();
        for (track, read) in report.tracks.iter_mut().skip(1).zip(&readout.tracks) {
            track.judge(read, &looked, is_share);
        }
        let control = cells.first().map(|cell| cell.counted);
        let tracks = report
            .tracks
            .iter_mut()
            .zip(&cells)
            .zip(chances)
            .enumerate();
        for (index, ((track, cell), chance)) in tracks {
            track.chance = chance;
            let comparison = index
                .checked_sub(1)
                .and_then(|index| readout.tracks.get(index));
            let comparison = comparison.and_then(|read| read.comparison.as_ref().ok());
            let smallest = control.zip(comparison);
            let smallest = smallest.map(|(control, comparison)| {
                detector.smallest(&control, &cell.counted, comparison)
            });
            track.detectable = smallest.map(Answer::from);
            let so_far = counts.so_far.get(index);
            track.so_far = so_far.and_then(|cell| so_far_of(cell, index, readout, is_share));
        }
        report
    }

    /// Returns the probabilities to be best. Where a lower rate is better, they are computed for
    /// the units that did not convert.
    fn chances(&self, cells: &[Cell], readout: &GoalReadout) -> Vec<Option<TrackChance>> {
        let is_turned = self.report.less_is_better
            && matches!(self.report.source, GoalSource::Rate { .. })
            && readout.chances.iter().any(Option::is_some);
        if !is_turned {
            let chances = readout.chances.iter();
            return chances
                .map(|chance| chance.map(TrackChance::from))
                .collect();
        }
        let takes_part = || readout.chances.iter().map(Option::is_some);
        let tracks = cells.iter().zip(takes_part());
        let rates: Vec<Rate> = tracks
            .filter_map(|(cell, takes_part)| takes_part.then(|| turned(&cell.counted))?)
            .collect();
        let mut turned = chances(&rates).unwrap_or_default().into_iter();
        let next = |takes_part: bool| takes_part.then(|| turned.next())?.map(TrackChance::from);
        takes_part().map(next).collect()
    }
}

/// Replaces the counts of each track by those of the look at which it was read. Control has those
/// of the latest look.
fn take_looks(
    report: &mut GoalReport,
    readout: &GoalReadout,
    (looked, kind): (&[Looked], Option<&MetricKind>),
) {
    let latest = readout.tracks.iter().filter_map(|track| track.look);
    let latest = latest.map(|look| look.look).max();
    for (index, track) in report.tracks.iter_mut().enumerate() {
        let own = index
            .checked_sub(1)
            .and_then(|index| readout.tracks.get(index)?.look);
        let look = own.map(|look| look.look).or(latest);
        let sums = look.and_then(|look| looked.get(look)?.sums.get(index));
        if let Some((sums, kind)) = sums.zip(kind) {
            *track = of_track(&track.track, sums, kind);
        }
    }
}

/// Returns the rate of units that did not convert.
fn turned(counted: &Counted) -> Option<Rate> {
    match counted {
        Counted::Rate(rate) => Some(Rate {
            converters: rate.others(),
            ..*rate
        }),
        _ => None,
    }
}

impl GoalTrack {
    /// Adds the comparison, the verdict and the look of a track.
    fn judge(&mut self, read: &TrackReadout, looked: &[Looked], is_share: bool) {
        if let Ok(comparison) = &read.comparison {
            self.value = Answer::Known(Estimated::from(comparison.track));
        }
        self.compared = Some(compared(&read.comparison, read.adjusted_p));
        self.verdict = Some(Judgement::from(&match is_share {
            true => read.verdict.of_share(),
            false => read.verdict,
        }));
        self.look = read.look.and_then(|look| {
            Some(PlanLook {
                day: Day(looked.get(look.look)?.midnight.day),
                information: look.information,
                decided: look.decided,
                early: look.early,
            })
        });
    }
}

/// Returns a comparison as the report has it, or the reason why there is none.
pub(super) fn compared(
    comparison: &Result<Comparison, NoAnswer>,
    adjusted_p: Option<f64>,
) -> Answer<Compared> {
    let compared = |comparison: &Comparison| Compared::new(comparison, adjusted_p);
    let compared = comparison.as_ref().map(compared);
    Answer::from(compared.map_err(|why| *why))
}

/// Returns all units of a track so far; `None` if the plan has decided the track, or if they are
/// hidden.
fn so_far_of(cell: &Cell, index: usize, readout: &GoalReadout, is_share: bool) -> Option<SoFar> {
    let read = match index.checked_sub(1) {
        Some(index) => Some(readout.tracks.get(index)?.so_far.as_ref()?),
        None => None,
    };
    let is_open = readout.tracks.iter().any(|track| track.so_far.is_some());
    is_open.then(|| SoFar {
        units: cell.counted.units(),
        converters: cell.converters(),
        value: value(&cell.counted).into(),
        compared: read.map(|read| compared(&read.comparison, None)),
        alarm: read.and_then(|read| Some(alarm(read.alarm?, is_share))),
    })
}

/// Returns the sentence of an alarm.
fn alarm(finding: stats::Finding, is_share: bool) -> String {
    let finding = match is_share {
        true => finding.of_share(),
        false => finding,
    };
    format!("Worse so far: {finding}")
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
