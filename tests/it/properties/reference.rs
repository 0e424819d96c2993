//! The scheme `v1` once more, as the documentation of [`Bucketing::V1`] writes it out: one plain
//! step after the other, over the library's whole SHA-256.
//!
//! [`Bucketing::V1`]: tower_tracks::assign::Bucketing::V1

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use tower_tracks::Choice;

use super::{
    config,
    plan::{Plan, build, group},
    text::{key, keys, salt},
};

/// What is chosen: the set, its track, the coin, the digest.
type Chosen<'a> = (&'a str, Option<&'a str>, Option<bool>, [u8; 32]);

fn assign<'a>(plans: &'a [Plan], key: &str) -> Option<Chosen<'a>> {
    let candidates = plans.iter().filter(|plan| plan.eligible && plan.weight > 0);
    let scored = candidates.map(|plan| {
        let digest = digest(plan, key);
        (score(plan.weight, word(&digest, 0)), plan, digest)
    });
    let larger_or_smaller_name =
        |(one, first, _): &(f64, &Plan, _), (other, second, _): &(f64, &Plan, _)| {
            one.total_cmp(other).then(second.name.cmp(&first.name))
        };
    let (_, plan, digest) = scored.max_by(larger_or_smaller_name)?;
    let enrolled = u128::from(word(&digest, 1)) < (plan.share * 2_f64.powi(64)).round() as u128;
    let track = enrolled.then(|| track(&plan.tracks, word(&digest, 2)));
    let coin = enrolled.then(|| word(&digest, 3) >= 1 << 63);
    Some((&plan.name, track, coin, digest))
}

fn digest(plan: &Plan, key: &str) -> [u8; 32] {
    let salt = plan.salt.as_ref().unwrap_or(&plan.name);
    let salt = match plan.phase {
        1 => salt.clone(),
        phase => format!("{salt}@{phase}"),
    };
    Sha256::digest(format!("{}:{salt},{key}", salt.len())).into()
}

fn word(digest: &[u8; 32], index: usize) -> u64 {
    digest[8 * index..8 * index + 8]
        .iter()
        .fold(0, |word, byte| word << 8 | u64::from(*byte))
}

fn score(weight: u64, word: u64) -> f64 {
    let u = ((word >> 12) as f64 + 0.5) / 2_f64.powi(52);
    -(weight as f64) / libm::log(u)
}

fn track(tracks: &[(String, u64)], word: u64) -> &str {
    let sum: u64 = tracks.iter().map(|(_, weight)| weight).sum();
    let mut ticket = ((u128::from(word) * u128::from(sum)) >> 64) as u64;
    for (name, weight) in tracks {
        if ticket < *weight {
            return name;
        }
        ticket -= weight;
    }
    panic!("the ticket {ticket} is beyond {tracks:?}")
}

fn chosen<'a>(choice: &Choice<'a>) -> Option<Chosen<'a>> {
    let digest = choice.digest()?;
    Some((choice.set()?, choice.track(), choice.coin(), digest))
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn the_crate_does_what_its_documentation_says(plans in group(), keys in keys()) {
        let group = build(&plans).unwrap();
        for key in &keys {
            prop_assert_eq!(chosen(&group.assign(key, &())), assign(&plans, key), "{:?}", key);
        }
    }
}

proptest! {
    #![proptest_config(config(200))]

    /// One track is as good as several here: it is the message that is looked at, around the
    /// ends of the blocks of 64 bytes.
    #[test]
    fn salts_and_keys_end_anywhere_in_a_block(salt in salt(), key in key(), fill in 0..200_usize) {
        let plan = Plan {
            name: "delay".to_owned(),
            salt: Some(salt),
            phase: 1,
            weight: 1,
            share: 1.0,
            eligible: true,
            tracks: vec![("on".to_owned(), 1)],
        };
        let group = build(std::slice::from_ref(&plan));
        prop_assume!(group.is_ok());
        let group = group.unwrap();
        for key in ["k".repeat(fill), key] {
            let choice = group.assign(&key, &());
            prop_assert_eq!(choice.digest(), Some(digest(&plan, &key)));
        }
    }
}

/// A salt and a key of every pair of lengths around the ends of the first two blocks.
#[test]
fn every_pair_of_lengths() {
    let lengths = [
        0, 1, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64,
    ];
    let lengths = lengths
        .into_iter()
        .chain([65, 115, 116, 118, 119, 120, 123, 124, 125, 127, 128]);
    for (salt, key) in lengths
        .clone()
        .flat_map(|salt| lengths.clone().map(move |key| (salt, key)))
    {
        let (salt, key) = ("s".repeat(salt), "k".repeat(key));
        let set = tower_tracks::SimpleTrackSet::new("delay")
            .salt(&salt)
            .track("on", ());
        let digest: [u8; 32] = Sha256::digest(format!("{}:{salt},{key}", salt.len())).into();
        let group = set.build().unwrap();
        assert_eq!(group.assign(&key, &()).digest(), Some(digest));
    }
}
