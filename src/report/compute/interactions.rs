//! Whether the effect of one set depends on the track of another.

use serde::{Deserialize, Serialize};

use crate::{
    assign::{Metric, MetricKind},
    figures::{number, points, signed, stated_p},
    report::{Notice, PhaseReport, TrackReport, Utc},
    stats::{
        Counted, Headcount, MISMATCH, Mean, Missing, Rate, Test, TrackCounts, benjamini_hochberg,
        interaction, ratio_p,
    },
    store::{AttributedGoal, Attribution, Cell, StoreError},
};

use super::{
    ALPHA,
    cells::cell,
    goals::{label, source},
};

/// How the effect of a track of one set on a goal differs between a track of another set and its control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::report) struct Contrast {
    goal: String,
    /// Whether the goal is a rate, whose differences are percentage points.
    is_rate: bool,
    /// The track of each set.
    tracks: [String; 2],
    value: f64,
    lower: f64,
    upper: f64,
    p: f64,
}

/// Returns the contrasts of two sets, for each goal and each pair of tracks with enough units. The units of the
/// attribution are in both sets, and their segment is their track in the second.
pub(in crate::report) fn contrasts(
    metrics: &[&Metric],
    attribution: &Attribution,
    [first, second]: [&PhaseReport; 2],
) -> Result<Vec<Contrast>, StoreError> {
    let mut contrasts = Vec::new();
    if !is_joint_ratio_fine(attribution, [first, second]) {
        return Ok(contrasts);
    }
    for (metric, goal) in metrics.iter().zip(&attribution.goals) {
        let ([one, others @ ..], [other, beside @ ..]) = (&first.tracks[..], &second.tracks[..])
        else {
            continue;
        };
        for own in others {
            for their in beside {
                let cells = [[one, other], [one, their], [own, other], [own, their]];
                let cells = cells.map(|tracks| counts(goal, tracks, metric.kind()));
                let [both, second, first, effect] = cells;
                let cells = [both?, second?, first?, effect?];
                contrasts.extend(contrast(metric, [own, their], &cells));
            }
        }
    }
    Ok(contrasts)
}

/// Returns whether each pair of tracks has the units that it should have. If a track of one set decides who comes to
/// the other, the pairs have different people, and a contrast of them is no interaction.
fn is_joint_ratio_fine(attribution: &Attribution, [first, second]: [&PhaseReport; 2]) -> bool {
    let units = |own: &TrackReport, their: &TrackReport| {
        let cohorts = attribution.units.iter();
        let cohorts = cohorts.filter(|(cohort, _)| {
            *cohort.track == *own.name && cohort.segment.as_deref() == Some(&*their.name)
        });
        cohorts.fold(0_u64, |sum, (_, units)| sum.saturating_add(*units))
    };
    let weight = |track: &TrackReport| track.weight.unwrap_or_default() as f64;
    let headcounts = first.tracks.iter().flat_map(|own| {
        second.tracks.iter().map(move |their| Headcount {
            weight: weight(own) * weight(their),
            units: units(own, their),
        })
    });
    ratio_p(&headcounts.collect::<Vec<_>>()).is_ok_and(|p| p > MISMATCH)
}

/// Returns the closed units in a track of each set.
fn counts(
    goal: &AttributedGoal,
    [own, their]: [&TrackReport; 2],
    kind: &MetricKind,
) -> Result<TrackCounts, StoreError> {
    let mut sum = Cell::default();
    let their = Some(&*their.name);
    for (cohort, cells) in &goal.cells {
        if *cohort.track == *own.name && cohort.segment.as_deref() == their {
            sum.add(&cells.closed)?;
        }
    }
    Ok(cell(&sum, kind))
}

/// Returns `None` with too few units, and for a ratio, which has no mean of its own.
fn contrast(
    metric: &Metric,
    tracks: [&TrackReport; 2],
    cells: &[TrackCounts; 4],
) -> Option<Contrast> {
    let [control, rest @ ..] = cells;
    if rest.iter().any(|cell| Missing::of(control, cell).is_some()) {
        return None;
    }
    let [control, second, first, both] = cells.each_ref().map(|cell| mean(&cell.counted));
    let means = [[control?, second?], [first?, both?]];
    let found = interaction(&means, &Test::always_valid(ALPHA).ok()?).ok()?;
    Some(Contrast {
        goal: label(&source(metric)),
        is_rate: *metric.kind() == MetricKind::Rate,
        tracks: tracks.map(|track| track.name.clone()),
        value: found.contrast.value,
        lower: found.contrast.interval.lower,
        upper: found.contrast.interval.upper,
        p: found.p,
    })
}

/// Returns a rate as the mean of ones and zeros.
fn mean(counted: &Counted) -> Option<Mean> {
    match counted {
        Counted::Rate(Rate { units, converters }) => {
            let converters = i128::from(*converters);
            Mean::from_integers(*units, converters, converters, 1.0).ok()
        }
        Counted::Mean(mean) => Some(*mean),
        Counted::Covaried(covaried) => Some(covaried.value),
        Counted::Ratio(_) => None,
    }
}

/// The contrasts of two sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::report) struct Pair {
    /// The sets, and the numbers of their phases.
    pub(in crate::report) sets: [(String, u32); 2],
    pub(in crate::report) as_of: Utc,
    pub(in crate::report) contrasts: Vec<Contrast>,
}

impl Pair {
    pub(in crate::report) fn is_of(&self, sets: &[(String, u32); 2]) -> bool {
        self.sets == *sets
    }
}

/// The kind of the notices.
pub(in crate::report) const INTERACTION: &str = "interaction";

/// Returns the notices of what was found among all pairs, each with the set that it is for.
pub(in crate::report) fn found(pairs: &[Pair]) -> Vec<(&(String, u32), Notice)> {
    let all = || {
        let pairs = pairs.iter();
        pairs.flat_map(|pair| pair.contrasts.iter().map(move |contrast| (pair, contrast)))
    };
    let p_values: Vec<f64> = all().map(|(_, contrast)| contrast.p).collect();
    let adjusted = benjamini_hochberg(&p_values);
    let found = all().zip(adjusted).filter(|(_, p)| *p <= ALPHA);
    let notices = found.flat_map(|((pair, contrast), p)| {
        [0, 1].map(|set| (&pair.sets[set], contrast.notice(pair, set, p)))
    });
    notices.collect()
}

impl Contrast {
    /// Returns the notice for one of the sets.
    fn notice(&self, pair: &Pair, set: usize, p: f64) -> Notice {
        let (other, _) = &pair.sets[1 - set];
        let [own, their] = [&self.tracks[set], &self.tracks[1 - set]];
        let words = |value| match self.is_rate {
            true => signed(points(value)),
            false => signed(number(value)),
        };
        let [value, lower, upper] = [self.value, self.lower, self.upper].map(words);
        Notice {
            kind: INTERACTION.to_owned(),
            goal: Some(self.goal.clone()),
            track: Some(own.clone()),
            sentence: format!(
                "Its effect for units in {their} of {other} differs by {value} ({lower} to {upper}) from that for units \
                 in the control of {other} ({} over all pairs of sets, as of {})",
                stated_p(p),
                pair.as_of
            ),
            blocks: false,
        }
    }
}
