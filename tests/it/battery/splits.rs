//! Keys split as configured: between tracks, between sets, and by a share.

use tower_tracks::{Choice, MultiTrackSet, SimpleTrackSet};

use super::{
    chi_square::split,
    crossed::{coin, four_sets, track},
    population::{POPULATIONS, Population},
    threads::map_on_two,
    worst::Worst,
};

const DF_1: f64 = 38.7;
const DF_2: f64 = 42.8;

/// A group that puts each key into one of some cells.
struct Split {
    group: MultiTrackSet,
    cell: fn(&Choice<'_>) -> usize,
    weights: Vec<u64>,
}

impl Split {
    fn tracks(weights: &[u64]) -> Self {
        let mut set = SimpleTrackSet::new("split").without_control();
        for (index, weight) in weights.iter().enumerate() {
            let track = format!("track-{index}");
            set = set.track(&track, index).track_weight(&track, *weight);
        }
        Self {
            group: set.build().unwrap(),
            cell: carried,
            weights: weights.to_vec(),
        }
    }

    fn sets(weights: &[u64]) -> Self {
        let mut group = MultiTrackSet::builder();
        for (index, weight) in weights.iter().enumerate() {
            let set = SimpleTrackSet::new(format!("test-{index}")).without_control();
            group = group.add(set.track("on", index).weight(*weight));
        }
        Self {
            group: group.build().unwrap(),
            cell: carried,
            weights: weights.to_vec(),
        }
    }

    fn share(percent: u64) -> Self {
        let set = SimpleTrackSet::new("split").track("on", ());
        Self {
            group: set.share(percent as f64 / 100.0).build().unwrap(),
            cell: |choice| usize::from(!choice.is_enrolled()),
            weights: vec![percent, 100 - percent],
        }
    }

    fn chi_square(&self, population: &Population) -> f64 {
        let mut observed = vec![0; self.weights.len()];
        for key in &population.keys {
            observed[(self.cell)(&self.group.assign(key, &()))] += 1;
        }
        split(&observed, &self.weights)
    }
}

fn carried(choice: &Choice<'_>) -> usize {
    *choice.value().unwrap()
}

#[track_caller]
fn check(test: &'static str, threshold: f64, splits: &[Split]) {
    let mut worst = Worst::new(test, threshold);
    let statistics = map_on_two(&*POPULATIONS, |population| {
        let chi_square = |split: &Split| split.chi_square(population);
        splits.iter().map(chi_square).collect::<Vec<f64>>()
    });
    for (population, statistics) in POPULATIONS.iter().zip(statistics) {
        for (split, statistic) in splits.iter().zip(statistics) {
            worst.add(statistic, || {
                format!("{:?}, {}", split.weights, population.name)
            });
        }
    }
    worst.check();
}

#[test]
fn tracks() {
    let two = [Split::tracks(&[1, 1]), Split::tracks(&[1, 9])];
    check("split between two tracks, df 1", DF_1, &two);
    let three = [Split::tracks(&[1, 1, 1]), Split::tracks(&[1, 2, 3])];
    check("split between three tracks, df 2", DF_2, &three);
}

#[test]
fn sets() {
    check(
        "split between two sets, df 1",
        DF_1,
        &[Split::sets(&[1, 3])],
    );
    let three = Split::sets(&[100, 200, 1000]);
    check("split between three sets, df 2", DF_2, &[three]);
}

#[test]
fn shares() {
    let shares = [Split::share(1), Split::share(50)];
    check("split by a share, df 1", DF_1, &shares);
}

/// The tracks of the set that was chosen among several split like those of a single set: the choice
/// among the sets favours no track.
#[test]
fn within_the_chosen_set() {
    let split = |share, cell| Split {
        group: four_sets(share),
        cell,
        weights: vec![1, 1],
    };
    let splits = [
        split(1.0, track),
        split(1.0, coin),
        split(0.5, |choice| usize::from(choice.is_enrolled())),
    ];
    let test = "split of the chosen set's track, coin, share, df 1";
    check(test, DF_1, &splits);
}
