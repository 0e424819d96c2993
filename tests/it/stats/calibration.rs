//! The promises about errors, simulated by our own generator: every case of `calibration.json` and
//! `calibration2.json`, and a grid of shares, goals, plans, delays and an outage.
//!
//! By default each case is run a few times, and has to be possible under one of the rates it may
//! have. `TRACKS_CALIBRATION=full cargo test --locked --release --test it calibration -- --nocapture`
//! runs each as often as it says, and its rate has to be inside its band.

use std::{env, thread};

use self::band::Band;
use super::{
    generator::Generator,
    vectors::{directory, read},
};

mod band;
mod case;
mod covariate;
mod delay;
mod goal;
mod grid;
mod latency;
mod looks;
mod sample_ratio;
mod seen;
mod segments;
mod test;
mod text;
mod two_sets;
mod values;

/// How many units are simulated for a case, unless it is run in full.
const UNITS: u64 = 100_000;

/// A stream of units that is looked at.
trait Stream: Sync {
    /// Simulates it once; whether the event came.
    fn is_hit(&self, generator: &mut Generator) -> bool;

    /// The units of a run, at most.
    fn units(&self) -> u64;
}

/// What is simulated, and what is expected of it.
struct Simulation {
    id: String,
    stream: Box<dyn Stream>,
    seed: u64,
    band: Band,
}

impl Simulation {
    /// Simulates it, and tells its rate.
    fn check(&self) -> Result<String, String> {
        let full = env::var_os("TRACKS_CALIBRATION").is_some_and(|value| value == "full");
        let few = (UNITS / self.stream.units()).clamp(2, self.band.runs);
        let runs = if full { self.band.runs } else { few };
        let mut generator = Generator::new(self.seed);
        let hits = (0..runs)
            .filter(|_| self.stream.is_hit(&mut generator))
            .count() as u64;
        let rate = hits as f64 / runs as f64;
        let line = format!("{}: {hits} of {runs} = {rate:.4}, {:?}", self.id, self.band);
        let inside = if full {
            self.band.holds(rate)
        } else {
            self.band.may_be(hits, runs)
        };
        if inside { Ok(line) } else { Err(line) }
    }
}

/// Runs all, and prints their rates.
#[track_caller]
fn check_all(name: &str, simulations: &[Simulation]) {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let results: Vec<Result<String, String>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                let simulations = simulations.iter().skip(worker).step_by(threads);
                scope.spawn(move || simulations.map(Simulation::check).collect::<Vec<_>>())
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    assert_eq!(results.len(), simulations.len());
    let wrong: Vec<_> = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect();
    results.iter().flatten().for_each(|line| println!("{line}"));
    println!("{name}: {} cases, {} wrong", results.len(), wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn check_file(name: &str) {
    let path = directory().join(name).with_extension("json");
    if !path.exists() {
        println!("{name}: {} lacks the file", directory().display());
        return;
    }
    let cases = read(&path).unwrap();
    // They show what goes wrong without the rule.
    let (mistakes, cases): (Vec<_>, Vec<_>) =
        cases.iter().partition(|case| case["mistake"] == true);
    let simulations: Result<Vec<_>, String> = cases.into_iter().map(case::simulation).collect();
    println!("{name}: {} mistakes are not simulated", mistakes.len());
    check_all(name, &simulations.unwrap());
}

#[test]
fn error_rates_of_the_first_part_are_as_promised() {
    check_file("calibration");
}

#[test]
fn error_rates_of_the_second_part_are_as_promised() {
    check_file("calibration2");
}

#[test]
fn error_rates_of_the_grid_are_as_promised() {
    check_all("grid", &grid::simulations());
}
