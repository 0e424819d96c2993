//! What keys get under any changes, compared with what the code alone gives them.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use proptest::{collection::vec, prelude::*, strategy::ValueTree, test_runner::TestRunner};
use tower_tracks::{
    control::{Act, Appended, Change, ChangeLog, Changes, Controls, Draft, Mode},
    store::{StoreError, StoreErrorKind, Timestamp},
};

use super::{
    any::{any_changes, tick},
    shop::{SETS, Shop, TRACKS, Texts, any_shop, texts},
};
use crate::properties::config;

const KEYS: usize = 300;

/// A log whose changes and whose time a test sets.
#[derive(Clone)]
struct Script(Arc<Mutex<Changes>>);

impl Script {
    /// Returns the log, and controls that read it when they are asked to.
    fn new() -> (Self, Controls) {
        let empty = Changes::new(Vec::new(), 0, tick(0));
        let script = Self(Arc::new(Mutex::new(empty)));
        let controls = Controls::builder(script.clone()).every(Duration::from_secs(3600));
        (script, controls.start().unwrap())
    }

    fn show(&self, changes: &[Change], now: Timestamp) {
        let last = changes.last().map_or(0, |change| change.number);
        *self.0.lock().unwrap() = Changes::new(changes.to_vec(), last, now);
    }
}

impl ChangeLog for Script {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        let mut read = self.0.lock().unwrap().clone();
        read.changes.retain(|change| change.number > number);
        Ok(read)
    }

    fn append(&self, _: &Draft, _: u64) -> Result<Appended, StoreError> {
        Err(StoreError::new(StoreErrorKind::ReadOnly, "the test writes"))
    }
}

/// Returns the set that a text names; none if it names no set.
fn set_of(text: &str) -> &str {
    text.split(['/', ' ']).next().unwrap_or_default()
}

/// A shop, changes of its sets, and moments: how many of the changes are known, and the time.
type Story = (Shop, Vec<Change>, Vec<(usize, i64)>);

fn any_story() -> impl Strategy<Value = Story> {
    any_shop().prop_flat_map(|shop| {
        let moments = vec((0_usize..=12, -10_i64..100), 1..6);
        let changes = any_changes(shop.named());
        (Just(shop), changes, moments).prop_map(|(shop, changes, mut moments)| {
            // A log loses no changes; but its clock may be set back.
            moments.sort_by_key(|(count, _)| *count);
            (shop, changes, moments)
        })
    })
}

/// Returns the changes that are known at each moment, and the time: not before one of them was made.
fn moments<'a>(
    changes: &'a [Change],
    moments: &[(usize, i64)],
) -> impl Iterator<Item = (&'a [Change], Timestamp)> {
    moments.iter().map(|(count, now)| {
        let known = &changes[..changes.len().min(*count)];
        let made = known.iter().map(|change| change.at).max();
        (known, made.max(Some(tick(*now))).unwrap())
    })
}

proptest! {
    #![proptest_config(config(64))]

    /// In every state, a key has the track that the code gives it once it is let in, or none, or the one
    /// that was shipped. So no key has two tracks of one test.
    #[test]
    fn no_change_moves_a_key_to_another_track((shop, changes, times) in any_story()) {
        let (log, controls) = Script::new();
        let layer = shop.layer().controls(&controls);
        let all_in = shop.expected(KEYS, [Mode::Share(1.0); 3]);
        for (known, now) in moments(&changes, &times) {
            log.show(known, now);
            controls.refresh();
            let modes = shop.modes(known, now);
            let texts = texts(&layer, KEYS);
            prop_assert_eq!(&texts, &shop.expected(KEYS, modes), "{:?}", modes);
            for (text, all_in) in texts.as_flattened().iter().zip(all_in.as_flattened()) {
                let is_shipped = matches!(modes[2], Mode::Shipped(_)) && set_of(all_in) == "offer";
                prop_assert!(is_shipped || !text.contains('/') || text == all_in, "{}", text);
                prop_assert_eq!(set_of(text), set_of(all_in));
            }
        }
    }
}

proptest! {
    #![proptest_config(config(16))]

    /// A higher share only lets keys in, and a lower one only lets keys out: the same part of each track. No
    /// key of another set moves.
    #[test]
    fn a_share_lets_in_the_same_part_of_each_track(
        shop in any_shop(),
        shares in [0.0..=1.0, 0.0..=1.0],
        set in 0..3_usize,
    ) {
        const MANY: usize = 2000;
        let (log, controls) = Script::new();
        let layer = shop.layer().controls(&controls);
        let (over, name) = (shop.shares[set], SETS[set]);
        let act = |share| Draft::new(name, 1, Act::Share { share, over }, "alice", "a reason");
        let changes = [act(shares[0]).numbered(1, tick(1)), act(shares[1]).numbered(2, tick(2))];
        let [first, second] = [1, 2].map(|count| {
            log.show(&changes[..count], tick(2));
            controls.refresh();
            texts(&layer, MANY)
        });
        let all_in = shop.expected(MANY, [Mode::Share(1.0); 3]);
        let is_ours = |text: &str| set_of(text) == name;
        for ((first, second), all_in) in
            first.as_flattened().iter().zip(second.as_flattened()).zip(all_in.as_flattened())
        {
            let (lower, higher) = if shares[0] < shares[1] { (first, second) } else { (second, first) };
            // Who is in by the lower share, is in the same track by the higher one.
            prop_assert!(lower == higher || is_ours(all_in) && !lower.contains('/') && higher == all_in);
        }
        for (texts, share) in [(first, shares[0]), (second, shares[1])] {
            for track in TRACKS.map(|track| format!("{name}/{track}")) {
                let count = |texts: &[Texts]| texts.as_flattened().iter().filter(|text| **text == track).count();
                let (is_in, of) = (count(&texts) as f64, count(&all_in) as f64);
                let error = (of * share * (1.0 - share)).sqrt();
                prop_assert!((is_in - of * share).abs() <= 5.0 * error + 1.0, "{} of {}", is_in, of);
            }
        }
    }
}

/// The stories have states of every kind, for each of the sets.
#[test]
fn any_stories_reach_every_mode() {
    let mut runner = TestRunner::deterministic();
    let mut reached = [[0; 4]; 3];
    for _ in 0..500 {
        let (shop, changes, times) = any_story().new_tree(&mut runner).unwrap().current();
        for (known, now) in moments(&changes, &times) {
            for (reached, mode) in reached.iter_mut().zip(shop.modes(known, now)) {
                let kind = match mode {
                    Mode::Code => 0,
                    Mode::Share(_) => 1,
                    Mode::Paused => 2,
                    Mode::Shipped(_) => 3,
                    _ => panic!("{mode:?} is not tested"),
                };
                reached[kind] += 1;
            }
        }
    }
    for (set, [code, share, paused, shipped]) in reached.into_iter().enumerate() {
        // Only the set that is alone can be shipped.
        let is_alone = set == 2;
        assert!(code > 50 && share > 50 && paused > 50, "{reached:?}");
        assert_eq!(shipped > 50, is_alone, "{reached:?}");
        assert!(is_alone || shipped == 0, "{reached:?}");
    }
}
