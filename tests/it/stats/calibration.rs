//! The promises about errors, simulated: every case of `calibration.json` again, by our own
//! generator.
//!
//! By default each case is run a few times, and has to be possible under one of the rates it may
//! have. `TRACKS_CALIBRATION=full cargo test --release --test it stats::calibration -- --nocapture`
//! runs each as often as it says, and its rate has to be inside its band.

use std::{env, thread};

use serde_json::Value;
use tower_tracks::stats::Beta;

use self::{scenario::Scenario, simulate::is_hit};
use super::{
    generator::Generator,
    vectors::{directory, read},
};

mod scenario;
mod simulate;

/// How many units are simulated for a case, unless it is run in full.
const UNITS: u64 = 150_000;

/// The probability of a failure without a mistake, of one case.
const FALSE_ALARM: f64 = 1e-7;

#[test]
fn error_rates_are_as_promised() {
    let file = directory().join("calibration.json");
    if !file.exists() {
        println!("calibration: {} has no such file", directory().display());
        return;
    }
    let cases = read(&file).unwrap();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let results: Vec<Result<String, String>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                let cases = cases.iter().skip(worker).step_by(threads);
                scope.spawn(move || cases.map(check).collect::<Vec<_>>())
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    assert_eq!(results.len(), cases.len());
    let wrong: Vec<_> = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect();
    results.iter().flatten().for_each(|line| println!("{line}"));
    println!("calibration: {} cases, {} wrong", cases.len(), wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Simulates a case, and tells its rate.
fn check(case: &Value) -> Result<String, String> {
    let id = case["id"].as_str().unwrap_or("a case without a name");
    let scenario = Scenario::new(case).map_err(|error| format!("{id}: {error}"))?;
    let band = Band::new(case).ok_or_else(|| format!("{id}: it has no band"))?;
    let full = env::var_os("TRACKS_CALIBRATION").is_some_and(|value| value == "full");
    let few = (UNITS / scenario.units).clamp(2, band.runs);
    let runs = if full { band.runs } else { few };
    let seed = case["seed"]
        .as_u64()
        .ok_or_else(|| format!("{id}: it has no seed"))?;
    let mut generator = Generator::new(seed);
    let hits = (0..runs)
        .filter(|_| is_hit(&scenario, &mut generator))
        .count() as u64;
    let rate = hits as f64 / runs as f64;
    let line = format!("{id}: {hits} of {runs} = {rate:.4}, {band:?}");
    let inside = if full {
        band.holds(rate)
    } else {
        band.may_be(hits, runs)
    };
    if inside { Ok(line) } else { Err(line) }
}

/// Where the rate of a case has to be.
#[derive(Debug)]
struct Band {
    accept: [f64; 2],
    /// The promise of a test that is always valid.
    at_most: Option<f64>,
    runs: u64,
}

impl Band {
    fn new(case: &Value) -> Option<Self> {
        Some(Self {
            accept: [case["accept"][0].as_f64()?, case["accept"][1].as_f64()?],
            at_most: case["at_most"].as_f64(),
            runs: case["accept_runs"].as_u64()?,
        })
    }

    /// Inside the band, and at most what is promised, but for the error of the simulation.
    fn holds(&self, rate: f64) -> bool {
        let promised = self.at_most.is_none_or(|most| {
            let error = (most * (1.0 - most) / self.runs as f64).sqrt();
            rate <= most + 5.0 * error
        });
        promised && rate >= self.accept[0] && rate <= self.accept[1]
    }

    /// Whether a few runs are possible with a rate inside the band.
    fn may_be(&self, hits: u64, runs: u64) -> bool {
        let [low, high] = self.accept;
        let high = self.at_most.map_or(high, |most| high.min(most));
        at_least(hits, runs, high) > FALSE_ALARM
            && at_least(runs - hits, runs, 1.0 - low) > FALSE_ALARM
    }
}

/// The probability of at least so many hits.
fn at_least(hits: u64, runs: u64, rate: f64) -> f64 {
    if hits == 0 {
        return 1.0;
    }
    let shapes = Beta::new(hits as f64, (runs - hits) as f64 + 1.0);
    shapes.and_then(|beta| beta.cdf(rate)).unwrap()
}

#[test]
fn the_bands_notice_what_is_wrong() {
    let band = Band {
        accept: [0.01, 0.06],
        at_most: Some(0.05),
        runs: 2000,
    };
    assert!(band.holds(0.02) && band.holds(0.051));
    assert!(!band.holds(0.009) && !band.holds(0.061));
    let strict = Band {
        at_most: Some(0.01),
        ..band
    };
    assert!(!strict.holds(0.05));
    assert!(strict.may_be(0, 10) && strict.may_be(1, 10) && !strict.may_be(8, 10));
    assert!((at_least(1, 10, 0.5) - (1.0 - 0.5_f64.powi(10))).abs() < 1e-14);
}
