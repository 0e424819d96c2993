//! The scheme `v1`; [`Bucketing::V1`](super::Bucketing::V1) writes it out.

use sha2::{Digest, Sha256};

use super::{Drawn, Set};

/// The sets of one group, in declared order.
#[derive(Debug)]
pub(in crate::assign) struct Buckets(Box<[Bucket]>);

/// One set.
#[derive(Debug)]
struct Bucket {
    name: Box<str>,
    weight: f64,
    /// SHA-256 after `netstring(salt)`, so that a key costs its own blocks alone.
    salted: Sha256,
    /// Digests below it are enrolled. It may be 2⁶⁴, so that a share of 1 takes all.
    enrolled_below: u128,
    /// The sums of the tracks' weights up to and with each.
    tickets: Box<[u64]>,
}

impl Buckets {
    pub(super) fn new<'a>(sets: impl Iterator<Item = &'a Set>) -> Self {
        Self(sets.map(Bucket::new).collect())
    }

    pub(super) fn draw(&self, key: &[u8], eligible: impl Fn(usize) -> bool) -> Option<Drawn> {
        let (set, bucket, words) = self.choose(key, eligible)?;
        let enrolled = u128::from(words.share()) < bucket.enrolled_below;
        Some(Drawn {
            set,
            track: enrolled.then(|| bucket.track(words.track())),
            digest: Some(words.0),
        })
    }

    fn choose(
        &self,
        key: &[u8],
        eligible: impl Fn(usize) -> bool,
    ) -> Option<(usize, &Bucket, Words)> {
        let takes_part =
            |(index, bucket): &(usize, &Bucket)| bucket.weight > 0.0 && eligible(*index);
        let mut candidates = self.0.iter().enumerate().filter(takes_part);
        let (index, bucket) = candidates.next()?;
        let words = bucket.words(key);
        let mut best = (index, bucket, words);
        let mut best_score = None;
        for (index, bucket) in candidates {
            // The first score is computed only when there is a second to compare it with.
            let to_beat = *best_score.get_or_insert_with(|| best.1.score(best.2.set()));
            let words = bucket.words(key);
            let score = bucket.score(words.set());
            if score > to_beat || (score == to_beat && bucket.name < best.1.name) {
                best = (index, bucket, words);
                best_score = Some(score);
            }
        }
        Some(best)
    }
}

impl Bucket {
    fn new(set: &Set) -> Self {
        let salt = set.effective_salt();
        let sums = set.tracks.iter().scan(0, |sum, track| {
            *sum += track.weight;
            Some(*sum)
        });
        Self {
            name: set.name.clone(),
            weight: set.weight as f64,
            salted: Sha256::new().chain_update(format!("{}:{salt},", salt.len())),
            enrolled_below: (set.share * 2_f64.powi(64)).round() as u128,
            tickets: sums.collect(),
        }
    }

    fn words(&self, key: &[u8]) -> Words {
        Words(self.salted.clone().chain_update(key).finalize().into())
    }

    fn score(&self, word: u64) -> f64 {
        let u = ((word >> 12) as f64 + 0.5) * 2_f64.powi(-52);
        -self.weight / libm::log(u)
    }

    fn track(&self, word: u64) -> usize {
        let sum = self.tickets.last().copied().unwrap_or_default();
        let ticket = (u128::from(word) * u128::from(sum)) >> 64;
        self.tickets
            .partition_point(|end| u128::from(*end) <= ticket)
    }
}

/// A digest as four independent numbers.
#[derive(Debug, Clone, Copy)]
struct Words([u8; 32]);

impl Words {
    fn set(&self) -> u64 {
        word(&self.0, 0)
    }

    fn share(&self) -> u64 {
        word(&self.0, 1)
    }

    fn track(&self) -> u64 {
        word(&self.0, 2)
    }
}

/// Returns the coin of a digest: a free A/A test inside each set.
pub(in crate::assign) fn coin(digest: &[u8; 32]) -> bool {
    word(digest, 3) >> 63 == 1
}

fn word(digest: &[u8; 32], index: usize) -> u64 {
    let (words, _) = digest.as_chunks();
    u64::from_be_bytes(words[index])
}
