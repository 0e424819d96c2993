//! No set says anything about another, however alike their names are.

use std::sync::LazyLock;

use super::{
    chi_square::{independence, kolmogorov_smirnov, p_value_of_df_1, uniform},
    drawn::{DRAWN, DrawnSet},
    threads::map_on_two,
    worst::Worst,
};

/// The statistics of the pairs of sets of one population.
struct Pairs {
    population: &'static str,
    pairs: Vec<Pair>,
}

struct Pair {
    names: String,
    /// Of two tracks by two tracks: are they independent?
    halves: f64,
    /// Of ten tracks by ten tracks: is each combination as frequent as the others?
    tenths: f64,
}

static PAIRS: LazyLock<Vec<Pairs>> = LazyLock::new(|| {
    let pairs = DRAWN.iter().map(|drawn| {
        let sets = drawn.sets.iter().enumerate();
        let pairs: Vec<[&DrawnSet; 2]> = sets
            .flat_map(|(index, first)| {
                drawn.sets[..index]
                    .iter()
                    .map(move |second| [first, second])
            })
            .collect();
        Pairs {
            population: drawn.population,
            pairs: map_on_two(&pairs, Pair::new),
        }
    });
    pairs.collect()
});

impl Pair {
    fn new([first, second]: &[&DrawnSet; 2]) -> Self {
        let mut tenths = [[0; 10]; 10];
        for (first, second) in first.tracks.iter().zip(&second.tracks) {
            tenths[usize::from(first / 10)][usize::from(second / 10)] += 1;
        }
        let mut halves = [[0; 2]; 2];
        for (row, cells) in tenths.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                halves[row / 5][column / 5] += cell;
            }
        }
        Self {
            names: format!("{} and {}", first.name, second.name),
            halves: independence(&halves),
            tenths: uniform(tenths.as_flattened()),
        }
    }
}

fn check_each(test: &'static str, threshold: f64, statistic: impl Fn(&Pair) -> f64) {
    let mut worst = Worst::new(test, threshold);
    for Pairs { population, pairs } in &*PAIRS {
        for pair in pairs {
            worst.add(statistic(pair), || format!("{}, {population}", pair.names));
        }
    }
    worst.check();
}

#[test]
fn two_tracks_by_two() {
    check_each("pairs of sets, 2×2, df 1", 44.9, |pair| pair.halves);
}

#[test]
fn ten_tracks_by_ten() {
    check_each("pairs of sets, 10×10, df 99", 221.9, |pair| pair.tenths);
}

/// The threshold D = 0.0860 belongs to the 1,225 pairs of 50 sets: √1225 · 0.0860 = 3.01, which
/// Kolmogorov's distribution exceeds with 2 · exp(−2 · 3.01²) = 2.7e-8. For fewer pairs it grows
/// as 1/√n, and for few it is the safer for it.
///
/// Only the p-values of 2×2 are looked at. They are those of independence given how frequent
/// each track is, so pairs that have a set in common are still independent. Those of 10×10 are
/// not: how uneven one set's ten tracks are is in all its 49 pairs, which moves the distribution
/// of all p-values by more than D is sensitive to.
#[test]
fn p_values_are_uniform() {
    let count = PAIRS[0].pairs.len() as f64;
    let threshold = 0.0860 * (1225.0 / count).sqrt();
    let mut worst = Worst::new("p-values of the pairs, 2×2, Kolmogorov-Smirnov", threshold);
    for Pairs { population, pairs } in &*PAIRS {
        let p_values = pairs.iter().map(|pair| p_value_of_df_1(pair.halves));
        worst.add(kolmogorov_smirnov(p_values.collect()), || {
            (*population).to_owned()
        });
    }
    worst.check();
}
