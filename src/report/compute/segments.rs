//! The parts of a phase by segment.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::{
    report::{
        Answer, PartGoal, PartTrack, SameEffect, SegmentReport, SegmentedGoal, SegmentsReport,
        TrackReport, plan::Defined,
    },
    stats::{Headcount, Heterogeneity, benjamini_hochberg, heterogeneity, ratio_p},
    store::{Cohort, StoreError},
};

use super::{Draft, Measured, goals::Asked, parts::Part};

/// How many segments have a part of their own. Each program names at most as many, but may name others.
const MOST: usize = 8;

/// The name of the part of all others.
const OTHER: &str = "other";

/// The most goals that are read by segment: the first of the plan.
const GOALS: usize = 20;

/// The parts, and which of them each segment is in.
struct Segments {
    names: Vec<String>,
    places: HashMap<Arc<str>, usize>,
}

/// Returns the parts of a phase; `None` if no unit has a segment.
pub(super) fn segments(draft: &Draft<'_>) -> Result<Option<SegmentsReport>, StoreError> {
    let units = units(draft);
    let without = units.get(&None).copied().unwrap_or_default();
    let segments = Segments::of(units);
    if segments.names.is_empty() {
        return Ok(None);
    }
    let asked = draft.reading.asked(draft.facts).take(GOALS);
    let asked = asked.zip(&draft.measured);
    let goals = asked.map(|(asked, measured)| goal((asked, measured), &segments, draft));
    let goals: Vec<Goal> = goals.collect::<Result<_, _>>()?;
    let report = |(part, name): (usize, &String)| {
        let tracks = tracks(|cohort| segments.has(part, cohort), draft);
        SegmentReport {
            name: name.clone(),
            sample_ratio_p: sample_ratio(&tracks, draft),
            tracks,
            goals: goals.iter().map(|goal| goal.parts[part].clone()).collect(),
        }
    };
    Ok(Some(SegmentsReport {
        dimension: Defined::latest(&draft.facts.phase).and_then(|defined| defined.segment),
        segments: segments.names.iter().enumerate().map(report).collect(),
        without,
        goals: goals.into_iter().map(|goal| goal.same).collect(),
    }))
}

/// Returns the units of each segment, without those that were exposed to several tracks.
fn units(draft: &Draft<'_>) -> BTreeMap<Option<Arc<str>>, u64> {
    let mut units: BTreeMap<_, u64> = BTreeMap::new();
    let cohorts = draft.facts.attribution.units.iter();
    for (cohort, n) in cohorts.filter(|(cohort, _)| !cohort.is_crossed()) {
        let sum = units.entry(cohort.segment.clone()).or_default();
        *sum = sum.saturating_add(*n);
    }
    units
}

impl Segments {
    /// Names the largest segments, and last what is in none of them.
    fn of(units: BTreeMap<Option<Arc<str>>, u64>) -> Self {
        let named = units.into_iter();
        let mut named: Vec<(Arc<str>, u64)> =
            named.filter_map(|(name, n)| Some((name?, n))).collect();
        // Stable, so that segments of equal size stay in the order of their names.
        named.sort_by_key(|(name, n)| (**name == *OTHER, Reverse(*n)));
        let own = named.iter().take_while(|(name, _)| **name != *OTHER);
        let own = own.count().min(MOST);
        let mut names: Vec<String> = named
            .iter()
            .take(own)
            .map(|(name, _)| name.to_string())
            .collect();
        if named.len() > own {
            names.push(OTHER.to_owned());
        }
        let places = named.into_iter().enumerate();
        Self {
            names,
            places: places
                .map(|(place, (name, _))| (name, place.min(own)))
                .collect(),
        }
    }

    /// Returns whether units are in a part.
    fn has(&self, part: usize, cohort: &Cohort) -> bool {
        let segment = cohort.segment.as_ref();
        segment.and_then(|segment| self.places.get(segment)) == Some(&part)
    }
}

/// Returns the units of each track, with the weights in force.
fn tracks(is_in_part: impl Fn(&Cohort) -> bool, draft: &Draft<'_>) -> Vec<PartTrack> {
    let units = |track: &TrackReport| {
        let cohorts = draft.facts.attribution.units.iter();
        let of_track = cohorts.filter(|(cohort, _)| {
            *cohort.track == *track.name && !cohort.is_crossed() && is_in_part(cohort)
        });
        of_track.fold(0_u64, |sum, (_, n)| sum.saturating_add(*n))
    };
    let track = |track: &TrackReport| PartTrack {
        name: track.name.clone(),
        weight: track.weight.unwrap_or_default(),
        units: units(track),
    };
    draft.lineup.tracks.iter().map(track).collect()
}

fn sample_ratio(tracks: &[PartTrack], draft: &Draft<'_>) -> Answer<f64> {
    if !draft.lineup.is_defined {
        return Answer::unknown("no definition of the phase is stored that can be read");
    }
    let headcount = |track: &PartTrack| Headcount {
        weight: track.weight as f64,
        units: track.units,
    };
    Answer::from(ratio_p(&tracks.iter().map(headcount).collect::<Vec<_>>()))
}

/// A goal in all segments.
struct Goal {
    /// The goal in each segment.
    parts: Vec<PartGoal>,
    same: SegmentedGoal,
}

/// Compares the tracks in each segment, and their effects between segments.
fn goal(
    (asked, measured): (Asked<'_>, &Measured),
    segments: &Segments,
    draft: &Draft<'_>,
) -> Result<Goal, StoreError> {
    let parts = 0..segments.names.len();
    let parts = parts.map(|part| Part::of(asked, draft, |cohort| segments.has(part, cohort)));
    let parts: Vec<Part> = parts.collect::<Result<_, _>>()?;
    let label = &measured.report.label;
    let same = |track: usize| (track > 0).then(|| same(&parts, track));
    let same = (0..draft.lineup.tracks.len()).map(same).collect();
    let mut adjusted = adjusted(&parts).into_iter();
    let goal = |part: &Part| PartGoal {
        label: label.clone(),
        tracks: part.tracks(&mut adjusted),
    };
    Ok(Goal {
        parts: parts.iter().map(goal).collect(),
        same: SegmentedGoal {
            label: label.clone(),
            same,
        },
    })
}

/// Returns the p-values of all comparisons of a goal, adjusted for their number.
fn adjusted(parts: &[Part]) -> Vec<f64> {
    let comparisons = parts.iter().flat_map(|part| &part.comparisons).flatten();
    let p_values: Vec<f64> = comparisons.map(|comparison| comparison.p).collect();
    benjamini_hochberg(&p_values)
}

/// Returns whether a track has the same effect in all segments.
fn same(parts: &[Part], track: usize) -> Answer<SameEffect> {
    let comparisons = parts.iter().map(|part| part.comparisons[track - 1]);
    let found = heterogeneity(&comparisons.collect::<Vec<_>>());
    Answer::from(found).map(|found: Heterogeneity| SameEffect {
        p: found.p,
        segments: found.degrees_of_freedom + 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_segments_have_a_part_of_their_own() {
        let letters = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        let units = letters.iter().zip([1, 9, 9, 5, 5, 5, 5, 5, 5, 5]);
        let units = units.map(|(name, n)| (Some(Arc::from(*name)), n));
        let others = [(None, 100), (Some(Arc::from(OTHER)), 50)];
        let segments = Segments::of(units.chain(others).collect());
        let in_part = |part: usize| {
            segments
                .places
                .values()
                .filter(|place| **place == part)
                .count()
        };
        let names: Vec<(&str, usize)> = segments
            .names
            .iter()
            .enumerate()
            .map(|(part, name)| (&**name, in_part(part)))
            .collect();
        let own = ["b", "c", "d", "e", "f", "g", "h", "i"].map(|name| (name, 1));
        assert_eq!(names, [&own[..], &[(OTHER, 3)]].concat());
    }
}
