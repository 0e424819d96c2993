//! The readout of a goal, and what comes before its verdicts.

use super::{
    Counted, Finding, GoalCounts, Missing, Role, TrackCounts, Verdict, crossed::crossed_share,
    standing::Standing,
};
use crate::stats::{Chance, Comparison, Headcount, NoAnswer, Rate, chances};

/// The results for one goal.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GoalReadout {
    /// The role of the goal.
    pub role: Role,
    /// The tracks without control, in the order of the set.
    pub tracks: Vec<TrackReadout>,
    /// The probability that each track is best, with control first, for rates only. It is `None` for tracks
    /// of weight 0. It is `None` for all tracks while one of them has too few units.
    pub chances: Vec<Option<Chance>>,
    /// The look of a plan after which every track that takes part is decided.
    pub ended: Option<usize>,
}

/// The results for one goal in one track.
///
/// `verdict` is for readers, and `comparison` has the numbers. A `comparison` may have an answer although the
/// verdict is that there are too few units.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TrackReadout {
    /// The verdict on the units whose windows have ended.
    pub verdict: Verdict,
    /// The numbers of the verdict; hidden if there is a sample ratio mismatch.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::stats::answer_json"))]
    pub comparison: Result<Comparison, NoAnswer>,
    /// The p-value, adjusted for the number of comparisons. For a guardrail, it is not adjusted. `None` if a
    /// plan decides: its boundary is already adjusted.
    pub adjusted_p: Option<f64>,
    /// The results for all units so far, if some still have time to convert.
    pub so_far: Option<SoFar>,
    /// The decision of the plan itself, even if a problem of the set overrides it in the verdict.
    pub decision: Option<Verdict>,
    /// The look of the plan at which it was read; `None` without a plan, and before the first look.
    pub look: Option<LookRead>,
    /// The numbers at each look of the plan up to this one.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub looks: Vec<Result<Comparison, NoAnswer>>,
    /// What the track still needs before it is compared.
    pub(super) missing: Option<Missing>,
}

/// The look of a plan at which a track was read.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LookRead {
    /// The index of the look.
    pub look: usize,
    /// The closed units of all tracks at that look, divided by the planned units.
    pub information: f64,
    /// Whether the look decides: the difference crossed the boundary, or the plan was reached.
    pub decided: bool,
    /// Whether the look found a difference before the plan was reached.
    pub early: bool,
}

/// The results for all units so far, some of which still have time to convert.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SoFar {
    /// The numbers, which are valid at every look.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::stats::answer_json"))]
    pub comparison: Result<Comparison, NoAnswer>,
    /// A finding that the track is worse so far. It is no verdict, but a reason to act at once.
    pub alarm: Option<Finding>,
}

impl TrackReadout {
    /// A track that was compared, before its verdict: that comes when all goals have been compared,
    /// since the p-values are adjusted together.
    pub(super) fn new(comparison: Result<Comparison, NoAnswer>, missing: Option<Missing>) -> Self {
        Self {
            verdict: Verdict::Unanswered(comparison.err().unwrap_or(NoAnswer::OutOfRange)),
            comparison,
            adjusted_p: None,
            so_far: None,
            decision: None,
            look: None,
            looks: Vec::new(),
            missing,
        }
    }

    /// Returns whether the track is switched off, so that it is no longer compared.
    ///
    /// It is also true if control is switched off.
    ///
    /// ```
    /// use tower_tracks::stats::{
    ///     TrackCounts, Counted, GoalCounts, Headcount, Rate, Role, SetCounts, Test, Wanted, read,
    /// };
    ///
    /// let units = [10_000, 0, 9990];
    /// let rate = |units| Rate { units, converters: units / 10 };
    /// let cells = units.map(|units| TrackCounts::from(Counted::Rate(rate(units))));
    /// let weights = [1.0, 0.0, 1.0].into_iter();
    /// let headcounts = weights.zip(units).map(|(weight, units)| Headcount { weight, units });
    /// let counts = SetCounts {
    ///     tracks: headcounts.collect(),
    ///     goals: vec![GoalCounts::new(Role::Primary, Wanted::More, cells)],
    ///     ..SetCounts::default()
    /// };
    /// let readout = read(&counts, &Test::always_valid(0.05)?)?;
    /// let off: Vec<bool> = readout.goals[0].tracks.iter().map(|track| track.is_off()).collect();
    /// assert_eq!(off, [true, false]);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn is_off(&self) -> bool {
        matches!(
            self.comparison,
            Err(NoAnswer::SwitchedOff | NoAnswer::NothingToCompare)
        )
    }

    /// Returns whether a look of a plan has decided, so that later units change nothing. Without a plan, it
    /// is always false.
    ///
    /// ```
    /// use tower_tracks::stats::{
    ///     TrackCounts, Counted, GoalCounts, Headcount, Look, Rate, Role, SetCounts, Test, Wanted, read,
    /// };
    ///
    /// let rate = |units, converters| TrackCounts::from(Counted::Rate(Rate { units, converters }));
    /// let cells = [rate(2000, 200), rate(2000, 300)];
    /// // Half of the planned units are closed.
    /// let look = Look { information: 0.5, cells: cells.to_vec(), live: vec![1], sharing: 1 };
    /// let counts = SetCounts {
    ///     tracks: vec![Headcount { weight: 1.0, units: 2000 }; 2],
    ///     goals: vec![GoalCounts {
    ///         plan: Some(vec![look]),
    ///         ..GoalCounts::new(Role::Primary, Wanted::More, cells)
    ///     }],
    ///     ..SetCounts::default()
    /// };
    /// let readout = read(&counts, &Test::always_valid(0.05)?)?;
    /// let track = &readout.goals[0].tracks[0];
    /// assert!(track.is_decided());
    /// assert!(track.look.is_some_and(|look| look.early));
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn is_decided(&self) -> bool {
        self.look.is_some_and(|look| look.decided)
    }
}

impl GoalReadout {
    /// Lets what is wrong with the set, or with the goal's converters, come before the goal.
    pub(super) fn overrule(&mut self, goal: &GoalCounts, standing: &Standing) {
        let of_set = standing.verdict();
        let hidden = match of_set {
            Some(Verdict::Mismatch { .. }) => Some(NoAnswer::Hidden),
            Some(Verdict::WeightsChanged) => Some(NoAnswer::WeightsChanged),
            _ => None,
        };
        for (index, track) in self.tracks.iter_mut().enumerate() {
            let crossed = crossed_share(goal, index + 1);
            let crossed = crossed.map(|share| Verdict::Crossed { share });
            if let Some(verdict) = of_set.or(crossed.filter(|_| !track.is_off())) {
                track.verdict = verdict;
                if let Some(so_far) = &mut track.so_far {
                    so_far.alarm = None;
                }
            }
            // Next to a reason not to read them, numbers would be read nevertheless.
            if let Some(why) = hidden {
                track.comparison = Err(why);
                track.looks.clear();
                track.adjusted_p = None;
                track.so_far = None;
            }
        }
        if of_set.is_some() {
            self.chances = vec![None; self.chances.len()];
        }
    }
}

/// Compares a track with control, if both take part.
pub(super) fn compare<T>(
    cells: &[T],
    tracks: &[Headcount],
    track: usize,
    compared: impl Fn(&T, &T) -> Result<Comparison, NoAnswer>,
) -> Result<Comparison, NoAnswer> {
    if cells.len() != tracks.len() {
        return Err(NoAnswer::Mixed);
    }
    let takes_part = |track: usize| tracks.get(track).is_some_and(Headcount::takes_part);
    match (cells.first(), cells.get(track)) {
        (Some(control), Some(cell)) if takes_part(0) && takes_part(track) => {
            compared(control, cell)
        }
        // A track with units took part until its weight was taken away.
        _ if takes_part(0) && tracks.get(track).is_some_and(|track| track.units > 0) => {
            Err(NoAnswer::SwitchedOff)
        }
        _ => Err(NoAnswer::NothingToCompare),
    }
}

/// The chances of the tracks that take part, if all are rates with enough units.
pub(super) fn chances_of(cells: &[TrackCounts], tracks: &[Headcount]) -> Vec<Option<Chance>> {
    let live = cells
        .iter()
        .zip(tracks)
        .filter(|(_, track)| track.takes_part());
    let live: Vec<&TrackCounts> = live.map(|(cell, _)| cell).collect();
    let is_control_live = tracks.first().is_some_and(Headcount::takes_part);
    let is_whole = cells.len() == tracks.len() && is_control_live;
    let answers = is_whole.then(|| chances_of_rates(&live)).flatten();
    let mut answers = answers.unwrap_or_default().into_iter();
    let next = |track: &Headcount| track.takes_part().then(|| answers.next()).flatten();
    tracks.iter().map(next).collect()
}

/// The chances of tracks of which control is the first, if all are rates with enough units.
fn chances_of_rates(cells: &[&TrackCounts]) -> Option<Vec<Chance>> {
    let (control, rest) = cells.split_first()?;
    let has_enough = rest.iter().all(|cell| Missing::of(control, cell).is_none());
    let rate = |cell: &&TrackCounts| match cell.counted {
        Counted::Rate(rate) if has_enough => Some(rate),
        _ => None,
    };
    let rates: Vec<Rate> = cells.iter().map(rate).collect::<Option<_>>()?;
    chances(&rates).ok()
}
