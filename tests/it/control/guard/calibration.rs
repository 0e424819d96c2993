//! How often the guard pauses a set without harm, and how soon one with harm, simulated with a look every 100
//! units.
//!
//! By default each case is run a few times. In full, with `TRACKS_CALIBRATION=full`, the promises of the guide
//! are checked.

use std::{collections::BTreeMap, env, sync::Arc, thread};

use tower_tracks::{
    control::{Act, Controls, MemoryLog},
    report::Report,
};

use super::{
    append,
    data::{Data, HOUR, Request},
    guarded,
};
use crate::stats::generator::Generator;

/// How many units come between two looks.
const EVERY: u64 = 100;

/// Within how many units of both tracks errors of 3% instead of 1% are found in 95 of 100 sets, as the guide
/// states it.
const FOUND: u64 = 5_000;

/// The guardrails, by what the reasons of pauses begin with.
const GUARDRAILS: [&str; 5] = [
    "complaint",
    "errors per request",
    "aborts per request",
    "milliseconds per request",
    "sample ratio",
];

/// What the reason of a pause for errors begins with.
const ERRORS: &str = "errors per request, broken: ";

fn is_full() -> bool {
    env::var("TRACKS_CALIBRATION").is_ok_and(|size| size == "full")
}

/// What happens in a set.
#[derive(Clone, Copy)]
struct Behaviour {
    /// The probability of an error, by track.
    fails: [f64; 2],
    /// The mean number of requests of a unit, at least one.
    requests: f64,
    /// The units until the end.
    units: u64,
    /// The reason of the pause that is the end, if one is.
    until: Option<&'static str>,
}

/// A pause: after how many units and requests, and for what.
struct Pause {
    units: u64,
    requests: u64,
    reason: String,
}

impl Behaviour {
    /// Simulates a set until its end. A person resumes it after each pause, and the guard leaves the reasons
    /// of before alone.
    fn run(&self, seed: u64) -> Vec<Pause> {
        let mut generator = Generator::new(seed);
        let log = Arc::new(MemoryLog::default());
        let controls = Controls::builder(Arc::clone(&log)).every(HOUR);
        let controls = controls.start().unwrap();
        let mut data = Data::new(guarded());
        let (mut pauses, mut requests) = (Vec::new(), 0);
        let mut before = Report::default();
        for look in 1..=self.units / EVERY {
            for _ in 0..EVERY {
                requests += self.unit(&mut data, &mut generator);
            }
            let now = data.report(HOUR * u32::try_from(look).unwrap());
            for change in controls.guard(&before, &now) {
                append(&*log, Act::Resume, change.number);
                pauses.push(Pause {
                    units: look * EVERY,
                    requests,
                    reason: change.reason,
                });
            }
            before = now;
            let is_end =
                |pause: &Pause| self.until.is_some_and(|end| pause.reason.starts_with(end));
            if pauses.iter().any(is_end) {
                break;
            }
        }
        pauses
    }

    /// Adds a unit, and returns how many requests it made.
    fn unit(&self, data: &mut Data, generator: &mut Generator) -> u64 {
        let track = usize::from(generator.chance(0.5));
        let bucket = (generator.bits() >> 54) as usize;
        let counts = &mut data.tracks[track];
        counts.units += 1;
        counts.buyers += u64::from(generator.chance(0.1));
        counts.complaints += u64::from(generator.chance(0.02));
        let requests = generator.geometric(1.0 / self.requests);
        // Some visitors have a slow connection all the time.
        let slowness = (0.3 * generator.normal()).exp();
        for _ in 0..requests {
            let millis = 80.0 * slowness * (0.5 * generator.normal()).exp();
            counts.request(Request {
                bucket,
                fails: generator.chance(self.fails[track]),
                aborts: generator.chance(0.01),
                micros: (1000.0 * millis) as u64,
            });
        }
        requests
    }

    /// Runs it so many times, on all cores.
    fn runs(&self, runs: u64) -> Vec<Vec<Pause>> {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            let part = |first: usize| {
                let seeds = (first as u64..runs).step_by(threads);
                seeds.map(|seed| self.run(seed)).collect::<Vec<_>>()
            };
            let workers = (0..threads).map(|first| scope.spawn(move || part(first)));
            let workers: Vec<_> = workers.collect();
            let parts = workers.into_iter().map(|worker| worker.join().unwrap());
            parts.flatten().collect()
        })
    }
}

#[test]
fn sets_without_harm_are_hardly_ever_paused() {
    let (runs, units) = if is_full() {
        (2000, 10_000)
    } else {
        (20, 3_000)
    };
    let behaviour = Behaviour {
        fails: [0.01; 2],
        requests: 3.0,
        units,
        until: None,
    };
    let mut counts = BTreeMap::new();
    for pause in behaviour.runs(runs).iter().flatten() {
        let is_it = |name: &&&str| pause.reason.starts_with(**name);
        let guardrail = GUARDRAILS.iter().find(is_it).unwrap();
        *counts.entry(*guardrail).or_insert(0) += 1;
    }
    println!("of {runs} sets without harm, {units} units each: {counts:?}");
    // 5%, or what is next to impossible at 5%.
    let most = if is_full() { runs / 20 } else { 7 };
    assert!(counts.values().all(|count| *count <= most), "{counts:?}");
}

#[test]
fn three_times_as_many_errors_are_found_in_time() {
    let runs = if is_full() { 1000 } else { 10 };
    for requests in [1.0, 3.0] {
        let behaviour = Behaviour {
            fails: [0.01, 0.03],
            requests,
            units: 2 * FOUND,
            // A false pause before must not end it.
            until: Some(ERRORS),
        };
        let found = |pauses: Vec<Pause>| {
            let mut pauses = pauses.into_iter();
            pauses.find(|pause| pause.reason.starts_with(ERRORS))
        };
        let found: Vec<Option<Pause>> = behaviour.runs(runs).into_iter().map(found).collect();
        let mut units: Vec<u64> = found
            .iter()
            .map(|pause| pause.as_ref().map_or(u64::MAX, |pause| pause.units))
            .collect();
        units.sort_unstable();
        let part = |part: usize| units[(units.len() - 1) * part / 100];
        println!(
            "errors of 3% instead of 1%, {requests} requests of a unit: half of {runs} sets are paused \
             within {} units, 95% within {}",
            part(50),
            part(95)
        );
        let late = units.iter().filter(|units| **units > FOUND).count();
        let most = if is_full() { units.len() / 20 } else { 4 };
        assert!(late <= most, "{late} of {runs}");
    }
}

#[test]
fn a_track_of_errors_alone_is_paused_within_2000_requests() {
    let runs = if is_full() { 1000 } else { 10 };
    for requests in [1.0, 2.0, 3.0] {
        let behaviour = Behaviour {
            fails: [0.01, 1.0],
            requests,
            units: 2000,
            until: Some(ERRORS),
        };
        let found = |pauses: &Vec<Pause>| pauses.last().map(|pause| pause.requests);
        let all = behaviour.runs(runs);
        let latest = all.iter().map(|pauses| found(pauses).unwrap()).max();
        println!("errors alone, {requests} requests of a unit: paused within {latest:?} requests");
        assert!(latest.unwrap() <= 2000, "{latest:?}");
    }
}
