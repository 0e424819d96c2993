use std::ops::Range;

use tower_tracks::{MultiTrackSet, SimpleTrackSet};

use super::{drawn::words_of, threads::map_on_two, worst::Worst};

const KEYS: u64 = if cfg!(debug_assertions) { 2000 } else { 20_000 };

/// A bit that is flipped in a key flips each bit of what decides for half of the keys.
///
/// 0.5 ± 0.0237 is 6.70 standard deviations of 20,000 keys; of fewer it is wider as 1/√n.
#[test]
fn one_bit_changes_half_of_all() {
    let threshold = 0.0237 * (20_000.0 / KEYS as f64).sqrt();
    let mut worst = Worst::new("avalanche, distance from 0.5", threshold);
    let group = SimpleTrackSet::new("test-01")
        .track("on", ())
        .build()
        .unwrap();
    let halves = map_on_two(&[0..KEYS / 2, KEYS / 2..KEYS], |keys| flips(&group, keys));
    for input in 0..64 {
        for output in 0..64 {
            let flips: u32 = halves.iter().map(|half| half[input][output]).sum();
            let distance = f64::from(flips) / KEYS as f64 - 0.5;
            worst.add(distance.abs(), || {
                format!("bit {input} of the key, bit {output} of what decides")
            });
        }
    }
    worst.check();
}

/// Counts, for each bit of the key and each bit of what decides, how often the one flips the
/// other.
fn flips(group: &MultiTrackSet, keys: &Range<u64>) -> Vec<[u32; 64]> {
    let mut flips = vec![[0; 64]; 64];
    for number in keys.clone() {
        let bits = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let before = deciding(group, bits);
        for (input, flips) in flips.iter_mut().enumerate() {
            let flipped = before ^ deciding(group, bits ^ 1 << input);
            for (output, flips) in flips.iter_mut().enumerate() {
                *flips += (flipped >> output & 1) as u32;
            }
        }
    }
    flips
}

/// Returns what decides most about the key of these bits: the upper 16 of each of the four words.
fn deciding(group: &MultiTrackSet, bits: u64) -> u64 {
    let key = text(bits);
    let key = str::from_utf8(&key).unwrap();
    let words = words_of(&group.assign(key, &()).digest().unwrap());
    words
        .iter()
        .fold(0, |deciding, word| deciding << 16 | word >> 48)
}

/// Returns 64 bits as 16 characters, four in the lower half of each.
///
/// A key is text, in which not every bit can be flipped. Those of the lower half of the
/// characters `` ` `` to `o` can, and one bit of the number is one bit of the message.
fn text(bits: u64) -> [u8; 16] {
    std::array::from_fn(|index| b'`' | (bits >> (4 * index) & 0xf) as u8)
}

#[test]
fn one_bit_of_the_number_is_one_bit_of_the_text() {
    let bits = 0x0123_4567_89ab_cdef;
    assert_eq!(&text(bits), b"onmlkjihgfedcba`");
    for bit in 0..64 {
        let flipped = text(bits ^ 1 << bit);
        let differing = |(before, after): (u8, u8)| (before ^ after).count_ones();
        let pairs = text(bits).into_iter().zip(flipped);
        assert_eq!(pairs.map(differing).sum::<u32>(), 1);
        assert!(flipped.is_ascii());
    }
}
