//! The reading of a set: comparisons first, then verdicts, then what overrules them.

use super::{
    GoalCounts, GoalReadout, Missing, Role, SetCounts, SoFar, TrackCounts, TrackReadout, Warning,
    goal::{chances_of, compare},
    judge::judge,
    replay::{Replayed, replay},
    standing::Standing,
    warnings::warnings,
};
use crate::stats::{Comparison, NoAnswer, Pearson, Test};

/// The result of a set: verdicts, warnings and the check of the sample ratio.
///
/// [`read`] returns it. Goals and tracks are in the order of the counts. The tracks of a goal do not
/// include control.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SetReadout {
    /// The number of units in all tracks together.
    pub units: u64,
    /// Whether the numbers of units match the weights of the tracks.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::stats::answer_json"))]
    pub sample_ratio: Result<SampleRatio, NoAnswer>,
    /// The warnings, the most serious first.
    pub warnings: Vec<Warning>,
    /// The goals, in the order of the counts.
    pub goals: Vec<GoalReadout>,
}

/// Whether the numbers of units match the weights of the tracks.
///
/// A `p` of at most 0.01 causes a warning. A `p` of at most 0.001 hides the goals. If several definitions
/// were in force, the units of each definition are tested against its weights. The smallest `p` is then
/// multiplied by the number of tests.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SampleRatio {
    /// The p-value that decides, valid at every look.
    pub p: f64,
    /// Pearson's test, which is widely used, but valid at one look only.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::stats::answer_json"))]
    pub pearson: Result<Pearson, NoAnswer>,
}

/// Returns a readout without counts.
impl Default for SetReadout {
    fn default() -> Self {
        Self {
            units: 0,
            sample_ratio: Err(NoAnswer::NothingToCompare),
            warnings: Vec::new(),
            goals: Vec::new(),
        }
    }
}

/// Returns a verdict for each track on each goal of a set, and all warnings.
///
/// `test` applies to goals without a plan. A goal with [looks](crate::stats::Look) is decided at its looks,
/// with the same alpha. All comparisons of primary goals share alpha: their p-values are adjusted by Holm's
/// method, and their intervals use alpha divided by the number of these comparisons. For exploratory goals,
/// the p-values are adjusted by the method of Benjamini & Hochberg. Guardrails are not
/// adjusted.
///
/// ```
/// use tower_tracks::stats::{
///     TrackCounts, Counted, GoalCounts, Headcount, Rate, Role, SetCounts, Test, Verdict, Wanted, read,
/// };
///
/// let cells = [(10_000, 1000), (10_050, 1500), (9990, 1010)]
///     .map(|(units, converters)| TrackCounts::from(Counted::Rate(Rate { units, converters })));
/// let headcount = |cell: &TrackCounts| Headcount { weight: 1.0, units: cell.counted.units() };
/// let counts = SetCounts {
///     tracks: cells.iter().map(headcount).collect(),
///     days: 14.0,
///     weekdays: 7,
///     goals: vec![GoalCounts::new(Role::Primary, Wanted::More, cells)],
///     ..SetCounts::default()
/// };
/// let readout = read(&counts, &Test::always_valid(0.05)?)?;
/// let [winner, other] = &readout.goals[0].tracks[..] else {
///     panic!("there are two tracks beside control");
/// };
/// assert!(matches!(winner.verdict, Verdict::Better(_)));
/// assert!(matches!(other.verdict, Verdict::NotFound(_)));
/// // Alpha is shared by the two comparisons.
/// assert_eq!(winner.comparison?.alpha, 0.025);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// # Errors
///
/// If the looks of a plan are out of order.
pub fn read(counts: &SetCounts, test: &Test) -> Result<SetReadout, NoAnswer> {
    let standing = Standing::new(counts);
    let mut goals = compared(counts, test)?;
    judge(&counts.goals, &mut goals, test.alpha());
    for (readout, goal) in goals.iter_mut().zip(&counts.goals) {
        readout.overrule(goal, &standing);
    }
    Ok(SetReadout {
        units: standing.units,
        warnings: warnings(counts, &standing, (&goals, test)),
        sample_ratio: standing.sample_ratio,
        goals,
    })
}

/// Compares all goals. A primary goal shares alpha with all primary goals and their tracks, also with
/// those that have no answer yet: the level of an interval must not depend on the data.
fn compared(counts: &SetCounts, test: &Test) -> Result<Vec<GoalReadout>, NoAnswer> {
    let tracks = counts.tracks.iter().skip(1);
    let live = tracks.filter(|track| track.takes_part()).count();
    let is_primary = |goal: &GoalCounts| goal.role == Role::Primary;
    let primary = counts.goals.iter().filter(|goal| is_primary(goal)).count();
    // Tracks that are switched off are not compared, and take no part of alpha.
    let shared = u32::try_from(live * primary).unwrap_or(u32::MAX);
    let compared = |goal: &GoalCounts| {
        let among = if is_primary(goal) { shared } else { 1 };
        GoalReadout::compared(goal, counts, (&test.among(among), test.alpha()))
    };
    counts.goals.iter().map(compared).collect()
}

impl GoalReadout {
    /// Compares the tracks with control; verdicts come when all goals have been compared.
    fn compared(
        goal: &GoalCounts,
        counts: &SetCounts,
        (test, alpha): (&Test, f64),
    ) -> Result<Self, NoAnswer> {
        let tracks = 1..counts.tracks.len();
        let tracks = tracks.map(|track| at_every_look(goal, counts, track, test));
        let mut readout = Self {
            role: goal.role,
            tracks: tracks.collect(),
            chances: chances_of(&goal.cells, &counts.tracks),
            ended: None,
        };
        if let Some(looks) = &goal.plan {
            let replayed = replay(looks, counts.tracks.len(), alpha)?;
            let reads = || replayed.tracks.iter().skip(1);
            let latest = reads()
                .filter_map(|reads| Some(reads.last()?.read.look))
                .max();
            let cells = latest
                .and_then(|look| looks.get(look))
                .map(|look| &look.cells[..]);
            readout.chances = chances_of(cells.unwrap_or_default(), &counts.tracks);
            readout.ended = replayed.ended;
            for (track, reads) in readout.tracks.iter_mut().zip(reads()) {
                track.take_looks(reads);
            }
        }
        Ok(readout)
    }
}

impl TrackReadout {
    /// Replaces the current reading by that of the plan.
    fn take_looks(&mut self, reads: &[Replayed]) {
        // A decision stands, also if its track was switched off later.
        let is_decided = reads.last().is_some_and(|latest| latest.read.decided);
        if self.is_off() && !is_decided {
            return;
        }
        let Some(latest) = reads.last() else {
            self.comparison = Err(NoAnswer::BeforeFirstLook);
            self.missing = None;
            return;
        };
        self.comparison = latest.comparison;
        self.missing = latest.missing;
        self.look = Some(latest.read);
        self.looks = reads.iter().map(|read| read.comparison).collect();
        // What was decided is not changed by what came later.
        self.so_far = self.so_far.take().filter(|_| !latest.read.decided);
    }
}

/// Compares a track by a test that holds now.
fn at_every_look(goal: &GoalCounts, counts: &SetCounts, track: usize, test: &Test) -> TrackReadout {
    if let Some(latencies) = &goal.latencies {
        let percentiles = |control: &_, track: &_| Comparison::of_latencies(control, track, test);
        let missing = latencies.first().zip(latencies.get(track));
        let missing = missing.and_then(|(control, track)| Missing::of_latencies(control, track));
        let compared = compare(latencies, &counts.tracks, track, percentiles);
        // So few slow requests that a limit is missing are too few.
        let few = Missing {
            converters: 1,
            ..Missing::default()
        };
        let missing = missing.or((compared == Err(NoAnswer::TooEarly)).then_some(few));
        return TrackReadout::new(compared, missing);
    }
    let missing = |cells: &[TrackCounts]| Missing::of(cells.first()?, cells.get(track)?);
    let counted =
        |control: &TrackCounts, cell: &TrackCounts| cell.counted.compare(&control.counted, test);
    let compare = |cells| compare(cells, &counts.tracks, track, counted);
    let so_far = (!goal.so_far.is_empty()).then(|| SoFar {
        comparison: match missing(&goal.so_far) {
            // An alarm requires as much data as a verdict.
            Some(_) => Err(NoAnswer::TooEarly),
            None => compare(&goal.so_far),
        },
        alarm: None,
    });
    TrackReadout {
        so_far,
        ..TrackReadout::new(compare(&goal.cells), missing(&goal.cells))
    }
}
