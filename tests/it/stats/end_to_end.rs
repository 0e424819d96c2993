//! A/A tests through the real assignment: a thousand sets of the same units, none of which has an
//! effect.

use tower_tracks::{
    MultiTrackSet, SimpleTrackSet,
    stats::{Headcount, Mean, Test, compare_means, ratio_p},
};

use super::generator::Generator;

const SETS: usize = 1000;
const UNITS: usize = 2000;

/// Micro-units, as stores count.
const PARTS: f64 = 1e6;

/// The largest distance of a thousand uniform numbers from uniformity, but for one in ten million.
const LARGEST: f64 = 0.0914;

/// Where the facts go and their sums come from: a store, or a list in memory.
trait Recorder {
    fn record(&mut self, track: usize, coin: bool, value: i64);
    /// The sums of each track by coin, control first.
    fn cells(&self) -> [[Sums; 2]; 2];
}

#[derive(Clone, Copy, Default)]
struct Sums {
    units: u64,
    sum: i128,
    squares: i128,
}

impl Sums {
    fn and(self, other: Self) -> Self {
        Self {
            units: self.units + other.units,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
        }
    }

    fn mean(self) -> Mean {
        Mean::from_integers(self.units, self.sum, self.squares, PARTS).unwrap()
    }
}

#[derive(Default)]
struct InMemory([[Sums; 2]; 2]);

impl Recorder for InMemory {
    fn record(&mut self, track: usize, coin: bool, value: i64) {
        let cell = &mut self.0[track][usize::from(coin)];
        let value = i128::from(value);
        *cell = cell.and(Sums {
            units: 1,
            sum: value,
            squares: value * value,
        });
    }

    fn cells(&self) -> [[Sums; 2]; 2] {
        self.0
    }
}

/// Assigns every unit to the set and records what it spent.
fn run(set: &MultiTrackSet, values: &[i64], recorder: &mut impl Recorder) {
    for (unit, value) in values.iter().enumerate() {
        let choice = set.assign(unit as u64, &());
        let track = usize::from(choice.track() == Some("other"));
        recorder.record(track, choice.coin().unwrap(), *value);
    }
}

/// The largest distance of p-values from a uniform distribution.
fn distance(mut p_values: Vec<f64>) -> f64 {
    p_values.sort_by(f64::total_cmp);
    let count = p_values.len() as f64;
    let distance = |(rank, p): (usize, &f64)| {
        let rank = rank as f64;
        (p - rank / count).max((rank + 1.0) / count - p)
    };
    p_values
        .iter()
        .enumerate()
        .map(distance)
        .fold(0.0, f64::max)
}

#[test]
fn sets_without_an_effect_show_none() {
    let mut generator = Generator::new(20_000);
    let value = |_| ((2.0 + 0.5 * generator.normal()).exp() * PARTS) as i64;
    let values: Vec<i64> = (0..UNITS).map(value).collect();
    let fixed = Test::fixed(0.05).unwrap();
    let (mut of_tracks, mut of_coins, mut mismatches) = (Vec::new(), Vec::new(), 0);
    for index in 0..SETS {
        let set = SimpleTrackSet::new(format!("set-{index}")).track("other", ());
        let mut recorder = InMemory::default();
        run(&set.build().unwrap(), &values, &mut recorder);
        let cells = recorder.cells();
        let [control, track] = cells.map(|[tails, heads]| tails.and(heads));
        let tracks = [control, track].map(|track| Headcount {
            weight: 1.0,
            units: track.units,
        });
        mismatches += usize::from(ratio_p(&tracks).unwrap() <= 0.01);
        of_tracks.push(
            compare_means(&control.mean(), &track.mean(), &fixed)
                .unwrap()
                .p,
        );
        let [tails, heads] = cells[1].map(Sums::mean);
        of_coins.push(compare_means(&tails, &heads, &fixed).unwrap().p);
    }
    let (of_tracks, of_coins) = (distance(of_tracks), distance(of_coins));
    println!("p-values: D {of_tracks:.4}, by coin {of_coins:.4}; {mismatches} mismatches");
    assert!(
        of_tracks < LARGEST && of_coins < LARGEST,
        "{of_tracks} {of_coins}"
    );
    assert!(mismatches <= 40, "{mismatches}");
}

#[test]
fn the_distance_notices_an_effect() {
    let halved = (0..SETS)
        .map(|rank| (rank as f64 / SETS as f64).powi(2))
        .collect();
    assert!(distance(halved) > LARGEST);
}
