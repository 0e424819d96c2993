//! The scheme `v1`; [`Bucketing::V1`](super::Bucketing::V1) writes it out.

use super::{Drawn, Set, salted::Salted};

/// A digest as four independent numbers.
pub(in crate::assign) type Words = [u64; 4];

/// Which of the numbers decides what.
const SET: usize = 0;
const SHARE: usize = 1;
const TRACK: usize = 2;
const COIN: usize = 3;

/// The sets of one group, in declared order.
#[derive(Debug)]
pub(in crate::assign) struct Buckets(Box<[Bucket]>);

/// One set.
#[derive(Debug)]
struct Bucket {
    name: Box<str>,
    weight: f64,
    salted: Salted,
    /// Digests below it are enrolled. It may be 2⁶⁴, so that a share of 1 takes all.
    enrolled_below: u128,
    /// The sums of the tracks' weights up to and with each.
    tickets: Box<[u64]>,
}

impl Buckets {
    pub(super) fn new<'a>(sets: impl Iterator<Item = &'a Set>) -> Self {
        Self(sets.map(Bucket::new).collect())
    }

    #[inline]
    pub(super) fn draw(&self, key: &[u8], eligible: impl Fn(usize) -> bool) -> Option<Drawn> {
        let (set, bucket, words) = self.choose(key, eligible)?;
        let enrolled = u128::from(words[SHARE]) < bucket.enrolled_below;
        Some(Drawn {
            set,
            track: enrolled.then(|| bucket.track(words[TRACK])),
            words: Some(words),
        })
    }

    #[inline]
    fn choose(
        &self,
        key: &[u8],
        eligible: impl Fn(usize) -> bool,
    ) -> Option<(usize, &Bucket, Words)> {
        let takes_part =
            |(index, bucket): &(usize, &Bucket)| bucket.weight > 0.0 && eligible(*index);
        let mut candidates = self.0.iter().enumerate().filter(takes_part);
        let (index, bucket) = candidates.next()?;
        let words = bucket.salted.digest(key);
        let mut best = (index, bucket, words);
        let mut best_score = None;
        for (index, bucket) in candidates {
            // The first score is computed only when there is a second to compare it with.
            let to_beat = *best_score.get_or_insert_with(|| best.1.score(best.2[SET]));
            let words = bucket.salted.digest(key);
            let score = bucket.score(words[SET]);
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
        let sums = set.tracks.iter().scan(0, |sum, track| {
            *sum += track.weight;
            Some(*sum)
        });
        Self {
            name: set.name.clone(),
            weight: set.weight as f64,
            salted: Salted::new(&set.effective_salt()),
            enrolled_below: (set.share * 2_f64.powi(64)).round() as u128,
            tickets: sums.collect(),
        }
    }

    fn score(&self, word: u64) -> f64 {
        let u = ((word >> 12) as f64 + 0.5) * 2_f64.powi(-52);
        -self.weight / libm::log(u)
    }

    #[inline]
    fn track(&self, word: u64) -> usize {
        let sum = self.tickets.last().copied().unwrap_or_default();
        let ticket = (u128::from(word) * u128::from(sum)) >> 64;
        self.tickets
            .partition_point(|end| u128::from(*end) <= ticket)
    }
}

/// Returns the coin of a digest: a free A/A test inside each set.
pub(in crate::assign) fn coin(words: &Words) -> bool {
    words[COIN] >> 63 == 1
}
