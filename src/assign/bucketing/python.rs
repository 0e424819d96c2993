//! The scheme of the Python package `tracks` 0.1.1;
//! [`Bucketing::Python`](crate::assign::Bucketing::Python) writes it out.

use md5::{Digest, Md5};

use crate::assign::{pick::Pick, set::Set};

/// The sets of one group, in declared order.
#[derive(Debug)]
pub(in crate::assign) struct Buckets {
    /// MD5 after the group's name and a colon.
    named: Md5,
    sets: Box<[Bucket]>,
}

/// One set.
#[derive(Debug)]
struct Bucket {
    /// MD5 after the set's name and a colon.
    named: Md5,
    weight: u128,
    /// How many tracks it has. The scheme does not support weights of tracks.
    tracks: usize,
}

impl Buckets {
    pub(super) fn new<'a>(sets: impl Iterator<Item = &'a Set>) -> Self {
        let (names, sets): (Vec<&str>, Vec<Bucket>) =
            sets.map(|set| (set.salt(), Bucket::new(set))).unzip();
        Self {
            named: named(&names.join("/")),
            sets: sets.into(),
        }
    }

    /// Draws among the eligible sets; `None` if none of them has a weight above 0.
    pub(super) fn draw(&self, key: &[u8], eligible: impl Fn(usize) -> bool) -> Option<Pick> {
        let (set, bucket) = self.choose(key, eligible)?;
        // A checked set has a track, so this never divides by 0.
        let track = number(&bucket.named, key) % bucket.tracks as u128;
        Some(Pick::drawn(set, Some(track as usize), None))
    }

    /// Chooses among the eligible sets: the number modulo the sum of their weights is an index into
    /// the list that has each set as often as its weight.
    fn choose(&self, key: &[u8], eligible: impl Fn(usize) -> bool) -> Option<(usize, &Bucket)> {
        // Eligibility is the application's code: it is called once for each set.
        let weighed = |(index, bucket): (usize, &Bucket)| match eligible(index) {
            true => bucket.weight,
            false => 0,
        };
        let weights: Vec<u128> = self.sets.iter().enumerate().map(weighed).collect();
        // The sum cannot overflow, since a weight is at most 2³². It is 0 if no set takes part.
        let mut index = number(&self.named, key).checked_rem(weights.iter().sum())?;
        for (set, weight) in weights.iter().enumerate() {
            match index.checked_sub(*weight) {
                Some(rest) => index = rest,
                None => return Some((set, &self.sets[set])),
            }
        }
        None
    }
}

impl Bucket {
    fn new(set: &Set) -> Self {
        Self {
            named: named(set.salt()),
            weight: u128::from(set.weight),
            tracks: set.tracks.len(),
        }
    }
}

/// Returns a name as others shall see it: the first seven hexadecimal digits of its MD5.
pub(in crate::assign) fn masked(name: &str) -> String {
    let digest: [u8; 16] = Md5::digest(name).into();
    let number = u128::from_be_bytes(digest);
    // Seven digits are the upper 28 of the 128 bits.
    format!("{:07x}", number >> 100)
}

/// The state of MD5 after `name:`. It is cloned for each key, so that the name is hashed once.
fn named(name: &str) -> Md5 {
    Md5::new().chain_update(name).chain_update(":")
}

/// The digest of `name:key` as a number of 128 bits, as Python makes it with `int(…, 16)`.
fn number(named: &Md5, key: &[u8]) -> u128 {
    let digest: [u8; 16] = named.clone().chain_update(key).finalize().into();
    u128::from_be_bytes(digest)
}
