//! Verdicts, comparisons and chances, from the statistics into the report.

use crate::{
    report::{
        Answer, Compared, Day, DecidedTrack, Decision, Estimated, GoalReport, GoalSource,
        GoalTrack, Judgement, PlanLook, SoFar, TrackChance, Utc,
    },
    stats::{
        Chance, Comparison, Counted, Finding, GoalReadout, NoAnswer, PowerAnalysis, Rate, Scale,
        TrackCounts, TrackReadout, chances,
    },
};

use super::{
    Looked, Measured,
    detectable::smallest,
    goals::{of_track, value},
};

impl Measured {
    /// Returns the counts that the verdicts are about: those of the latest look of a plan,
    /// otherwise those of all closed units.
    pub(super) fn read_cells(&self, readout: &GoalReadout) -> Vec<TrackCounts> {
        let look = latest_look(readout);
        let look = look.and_then(|look| self.counts.plan.as_ref()?.get(look));
        look.map_or(&self.counts.cells, |look| &look.cells).clone()
    }

    /// Returns the finished report of a goal. `power` is the analysis for a test that is valid at
    /// every look.
    pub(super) fn judged(mut self, readout: &GoalReadout, power: &PowerAnalysis) -> GoalReport {
        let cells = self.read_cells(readout);
        let chances = self.chances(&cells, readout);
        self.take_looks(readout);
        let mut report = self.report;
        let mut tracks = readout.tracks.iter();
        let first = tracks.find_map(|track| track.comparison.ok());
        if let (Some(control), Some(first)) = (report.tracks.first_mut(), first) {
            let [of_control, _] = first.plain_values();
            control.value = Answer::Known(of_control.into());
        }
        let scale = report.scale();
        let control = cells.first().map(|cell| cell.counted);
        let is_percentile = self.counts.latencies.is_some();
        let tracks = report.tracks.iter_mut().zip(&cells).zip(chances);
        for (index, ((track, cell), chance)) in tracks.enumerate() {
            let read = read_of(readout, index);
            if let Some(read) = read {
                track.judge(read, &self.looked, scale);
            }
            track.chance = chance;
            // What a percentile detects has no formula here.
            let comparison = read.and_then(|read| read.comparison.ok());
            let comparison = comparison.filter(|_| !is_percentile);
            track.detectable = control.zip(comparison).map(|(control, comparison)| {
                smallest(power, &control, &cell.counted, &comparison).into()
            });
            let so_far = self.counts.so_far.get(index);
            track.so_far = so_far.and_then(|cell| so_far_of(cell, index, readout, scale));
        }
        report
    }

    /// Replaces the counts of each track by those of the look at which it was read. Control has
    /// those of the latest look.
    fn take_looks(&mut self, readout: &GoalReadout) {
        let latest = latest_look(readout);
        for (index, track) in self.report.tracks.iter_mut().enumerate() {
            let own = read_of(readout, index).and_then(|read| read.look);
            let look = own.map(|look| look.look).or(latest);
            let sums = look.and_then(|look| self.looked.get(look)?.sums.get(index));
            if let Some((sums, kind)) = sums.zip(self.kind.as_ref()) {
                *track = of_track(&track.track, sums, kind);
            }
        }
    }

    /// Returns the probabilities to be best. Where a lower rate is better, they are computed for
    /// the units that did not convert.
    fn chances(&self, cells: &[TrackCounts], readout: &GoalReadout) -> Vec<Option<TrackChance>> {
        let known = readout.chances.iter();
        let is_rate = matches!(self.report.source, GoalSource::Rate { .. });
        if !(is_rate && self.report.less_is_better) {
            return known.map(|chance| chance.map(TrackChance::from)).collect();
        }
        let rates = known.clone().zip(cells);
        let rates = rates.filter(|(chance, _)| chance.is_some());
        let rates: Vec<Rate> = rates
            .filter_map(|(_, cell)| turned(&cell.counted))
            .collect();
        let turned = chances(&rates).unwrap_or_default();
        let mut turned = turned.into_iter().map(TrackChance::from);
        // Each track with a chance gets the next, since the rates are those of these tracks alone.
        let next = |chance: &Option<Chance>| chance.and_then(|_| turned.next());
        known.map(next).collect()
    }
}

/// Returns the latest look at which a track was read.
fn latest_look(readout: &GoalReadout) -> Option<usize> {
    let looks = readout.tracks.iter().filter_map(|track| track.look);
    looks.map(|look| look.look).max()
}

/// Returns the readout of a track; `None` for control, which has none.
pub(super) fn read_of(readout: &GoalReadout, track: usize) -> Option<&TrackReadout> {
    readout.tracks.get(track.checked_sub(1)?)
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
                // What is wrong with the set may overrule the verdict of a track later. Its
                // decision stays.
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
        // A later definition may list the tracks in another order, and stored decisions are
        // compared.
        tracks.sort_by(|one, other| one.track.cmp(&other.track));
        (!tracks.is_empty()).then_some(Self {
            decided_at: Utc(ended.midnight.time),
            tracks,
        })
    }
}

impl GoalTrack {
    /// Adds the comparison, the verdict and the look of a track.
    fn judge(&mut self, read: &TrackReadout, looked: &[Looked], scale: Scale) {
        if let Ok(comparison) = &read.comparison {
            // What the adjustment leaves is what a next test has to tell apart from chance.
            let removed = comparison
                .unadjusted
                .map_or(0.0, |plain| plain.variance_reduction);
            self.deviation = self
                .deviation
                .map(|plain| plain * (1.0 - removed).max(0.0).sqrt());
            let [_, of_track] = comparison.plain_values();
            self.value = Answer::Known(Estimated::from(of_track));
        }
        self.compared = Some(compared(&read.comparison, read.adjusted_p));
        self.verdict = Some(Judgement::from(&read.verdict.on_scale(scale)));
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
    Answer::from(*comparison).map(|comparison| Compared::new(&comparison, adjusted_p))
}

/// Returns all units of a track so far; `None` if the plan has decided the track, or if they are
/// hidden.
fn so_far_of(
    cell: &TrackCounts,
    index: usize,
    readout: &GoalReadout,
    scale: Scale,
) -> Option<SoFar> {
    let read = match read_of(readout, index) {
        Some(read) => Some(read.so_far.as_ref()?),
        None => None,
    };
    let is_open = readout.tracks.iter().any(|track| track.so_far.is_some());
    is_open.then(|| SoFar {
        units: cell.counted.units(),
        converters: cell.converters(),
        value: value(&cell.counted).into(),
        compared: read.map(|read| compared(&read.comparison, None)),
        alarm: read.and_then(|read| Some(alarm(read.alarm?, scale))),
    })
}

/// Returns the sentence of an alarm.
fn alarm(finding: Finding, scale: Scale) -> String {
    let finding = finding.on_scale(scale);
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
