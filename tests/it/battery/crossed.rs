//! Set, share, track and coin of one choice are independent of each other.

use tower_tracks::{Choice, MultiTrackSet, SimpleTrackSet};

use super::{
    chi_square::independence,
    population::{POPULATIONS, Population},
    threads::map_on_two,
    worst::Worst,
};

/// For 3 degrees of freedom.
const DF_3: f64 = 46.3;

/// Four sets of two equal tracks, all of this share.
///
/// Their weights differ, so that a word that decides more than the set would show: a light set
/// is chosen for other values of it than a heavy one.
pub(super) fn four_sets(share: f64) -> MultiTrackSet {
    let mut group = MultiTrackSet::builder();
    for index in 0..4_usize {
        let set = SimpleTrackSet::new(format!("test-{index}")).without_control();
        let set = set.track("a", [index, 0]).track("b", [index, 1]);
        let weight = 100 * (index as u64 + 1);
        group = group.add(set.share(share).weight(weight));
    }
    group.build().unwrap()
}

fn set(choice: &Choice<'_>) -> usize {
    let digit = choice.set().unwrap().strip_prefix("test-");
    digit.unwrap().parse().unwrap()
}

pub(super) fn track(choice: &Choice<'_>) -> usize {
    choice.value::<[usize; 2]>().unwrap()[1]
}

pub(super) fn coin(choice: &Choice<'_>) -> usize {
    usize::from(choice.coin().unwrap())
}

/// Counts the keys of each population by two answers about them.
#[track_caller]
fn check<const ROWS: usize>(
    test: &'static str,
    threshold: f64,
    cell: impl Fn(&str) -> (usize, usize) + Sync,
) {
    let mut worst = Worst::new(test, threshold);
    let statistics = map_on_two(&*POPULATIONS, |population: &Population| {
        let mut table = [[0; 2]; ROWS];
        for key in &population.keys {
            let (row, column) = cell(key);
            table[row][column] += 1;
        }
        independence(&table)
    });
    for (population, statistic) in POPULATIONS.iter().zip(statistics) {
        worst.add(statistic, || population.name.to_owned());
    }
    worst.check();
}

#[test]
fn set_by_track() {
    let group = four_sets(1.0);
    check::<4>("set × track, df 3", DF_3, |key| {
        let choice = group.assign(key, &());
        (set(&choice), track(&choice))
    });
}

#[test]
fn set_by_coin() {
    let group = four_sets(1.0);
    check::<4>("set × coin, df 3", DF_3, |key| {
        let choice = group.assign(key, &());
        (set(&choice), coin(&choice))
    });
}

#[test]
fn set_by_share() {
    let group = four_sets(0.5);
    check::<4>("set × share, df 3", DF_3, |key| {
        let choice = group.assign(key, &());
        (set(&choice), usize::from(choice.is_enrolled()))
    });
}

/// A row is the quarter of the share in which a key comes in.
#[test]
fn share_by_track() {
    let shares = [0.25, 0.5, 0.75, 1.0].map(four_sets);
    check::<4>("share × track, df 3", DF_3, |key| {
        let choices = shares.iter().map(|group| group.assign(key, &()));
        let mut enrolled = choices
            .enumerate()
            .filter(|(_, choice)| choice.is_enrolled());
        let (quarter, choice) = enrolled.next().unwrap();
        (quarter, track(&choice))
    });
}

#[test]
fn coin_by_track() {
    let group = four_sets(1.0);
    check::<2>("coin × track, df 1", 38.7, |key| {
        let choice = group.assign(key, &());
        (coin(&choice), track(&choice))
    });
}
