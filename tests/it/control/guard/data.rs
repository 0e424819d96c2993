//! Counts of a set that a test makes up, and their report. The statistics and the report are the real ones.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tower_tracks::{
    Metric, MultiTrackSet, Plan, SimpleTrackSet,
    report::{ChangeHistory, PhaseFacts, Report, StatedPlan},
    store::{
        AttributedGoal, Attribution, Cohort, Definition, GoalCells, Overlap, Phase, PhaseName,
        RequestSums, ServedDefinition, Timestamp, TrackName,
    },
};

const TRACKS: [&str; 2] = ["control", "broken"];

pub(super) const HOUR: Duration = Duration::from_secs(3600);

/// When the first unit is exposed: midnight of a day.
pub(super) fn start() -> Timestamp {
    Timestamp::from_micros(20_148 * 86_400_000_000)
}

/// A plan with a primary goal and a guardrail, whose windows are short.
pub(super) fn plan() -> Plan {
    Plan::default()
        .primary(Metric::rate("purchase"))
        .guardrail(Metric::rate("complaint").less_is_better())
        .window(HOUR)
}

/// A set with two tracks.
pub(super) fn checkout(plan: Plan, phase: u32) -> MultiTrackSet {
    let set = SimpleTrackSet::new("checkout").track("broken", ());
    set.phase(phase).plan(plan).build().unwrap()
}

/// The counts of a set.
#[derive(Clone)]
pub(super) struct Data {
    sets: MultiTrackSet,
    pub(super) tracks: [Counts; 2],
    /// The last first exposure.
    pub(super) last: Timestamp,
}

/// The counts of a track, whose windows are all over.
#[derive(Clone)]
pub(super) struct Counts {
    pub(super) units: u64,
    pub(super) buyers: u64,
    pub(super) complaints: u64,
    pub(super) buckets: Vec<RequestSums>,
}

/// A request of a unit.
#[derive(Clone, Copy)]
pub(super) struct Request {
    pub(super) bucket: usize,
    pub(super) fails: bool,
    pub(super) aborts: bool,
    pub(super) micros: u64,
}

impl Data {
    pub(super) fn new(plan: Plan) -> Self {
        Self::of(checkout(plan, 1))
    }

    pub(super) fn of(sets: MultiTrackSet) -> Self {
        let counts = Counts {
            units: 0,
            buyers: 0,
            complaints: 0,
            buckets: vec![RequestSums::default(); 1024],
        };
        Self {
            sets,
            tracks: [counts.clone(), counts],
            last: start(),
        }
    }

    /// Adds units to both tracks, with a request each, some of which fail. One in ten buys.
    pub(super) fn come(mut self, units: u64, [of_control, of_track]: [u64; 2]) -> Self {
        for (counts, failing) in self.tracks.iter_mut().zip([of_control, of_track]) {
            counts.come(units, failing);
        }
        self
    }

    /// Returns the report at a time after the start.
    pub(super) fn report(&self, after: Duration) -> Report {
        let report = Report::of(&[self.facts(start().plus(after))]);
        assert!(report.unread.is_empty(), "{:?}", report.unread);
        report
    }

    fn facts(&self, as_of: Timestamp) -> PhaseFacts {
        let set = self.sets.sets().next().unwrap();
        let fingerprint = *set.fingerprint().as_bytes();
        let json = serde_json::to_string(set).unwrap();
        let mut phase = Phase::new(PhaseName::of(set));
        phase.definitions = vec![Definition::new(fingerprint, json.into(), start())];
        let tracks = set.tracks().iter();
        phase.tracks = tracks.map(|track| TrackName::of(set, track)).collect();
        PhaseFacts {
            plan: StatedPlan::of(&phase, &[]),
            attribution: self.attribution(fingerprint),
            sums: self.sums(&phase.tracks),
            latencies: BTreeMap::new(),
            by_age: Vec::new(),
            caps: Vec::new(),
            losses: Vec::new(),
            conversions: Some(Arc::default()),
            unplanned: Vec::new(),
            overlap: Overlap::default(),
            busiest: None,
            closed_at: None,
            history: ChangeHistory::default(),
            former_names: Vec::new(),
            as_of,
            decision: None,
            recorded_decision: None,
            phase,
        }
    }

    fn attribution(&self, fingerprint: [u8; 32]) -> Attribution {
        let exposed = Some((start(), self.last));
        let mut attribution = Attribution::default();
        attribution.definitions = vec![ServedDefinition::new(fingerprint, exposed)];
        attribution.exposed = exposed;
        attribution.units = self.by_track(|counts| counts.units);
        attribution.goals = vec![
            self.goal(|counts| counts.buyers),
            self.goal(|counts| counts.complaints),
        ];
        attribution
    }

    fn goal(&self, converters: impl Fn(&Counts) -> u64) -> AttributedGoal {
        let mut goal = AttributedGoal::default();
        goal.cells = self.by_track(|counts| {
            let mut cells = GoalCells::default();
            (cells.closed.units, cells.closed.converters) = (counts.units, converters(counts));
            cells.closed.sum = cells.closed.converters.into();
            cells.closed.sum_abs = cells.closed.sum;
            cells
        });
        goal
    }

    fn by_track<T>(&self, of: impl Fn(&Counts) -> T) -> BTreeMap<Cohort, T> {
        let cohort = |name: &str| Cohort::new(name.into(), start().day()).definition(0);
        let tracks = TRACKS.into_iter().zip(&self.tracks);
        tracks
            .map(|(name, counts)| (cohort(name), of(counts)))
            .collect()
    }

    fn sums(&self, names: &[TrackName]) -> BTreeMap<(TrackName, u16), RequestSums> {
        let name = |track: &str| names.iter().find(|name| *name.track == *track).unwrap();
        let tracks = TRACKS.into_iter().zip(&self.tracks);
        let of_track = tracks.flat_map(|(track, counts)| {
            let buckets = (0..).zip(&counts.buckets);
            let seen = buckets.filter(|(_, sums)| sums.requests > 0);
            seen.map(move |(bucket, sums)| ((name(track).clone(), bucket), *sums))
        });
        of_track.collect()
    }
}

impl Counts {
    fn come(&mut self, units: u64, failing: u64) {
        for unit in 0..units {
            let number = self.units;
            self.request(Request {
                // Every bucket has its turn, as it nearly is with random units.
                bucket: (number * 389 % 1024) as usize,
                fails: unit < failing,
                aborts: false,
                micros: 100_000 + number * 7919 % 50_000,
            });
            self.buyers += u64::from(number.is_multiple_of(10));
            self.units += 1;
        }
    }

    pub(super) fn request(&mut self, request: Request) {
        let sums = &mut self.buckets[request.bucket];
        sums.requests += 1;
        sums.errors += u64::from(request.fails);
        sums.aborted += u64::from(request.aborts);
        sums.duration_us += request.micros;
        sums.duration_us_sq += u128::from(request.micros).pow(2);
    }
}
