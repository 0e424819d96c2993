//! The scheme `v1`; [`Bucketing::V1`](crate::assign::Bucketing::V1) writes it out.

use crate::assign::{
    pick::{Pick, Words},
    set::Set,
};

use super::salted::Salted;

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
    /// Decides between two equal scores, so that the order of the sets does not.
    name: String,
    /// Exact, since a weight is at most 2³².
    weight: f64,
    salted: Salted,
    /// Digests below it are enrolled. It may be 2⁶⁴, so that a share of 1 takes all.
    enrolled_below: u128,
    /// The sums of the tracks' weights up to and with each.
    tickets: Box<[u64]>,
}

impl Buckets {
    /// The order of the sets affects no choice; the indices in a choice refer to it.
    pub(super) fn new<'a>(sets: impl Iterator<Item = &'a Set>) -> Self {
        Self(sets.map(Bucket::new).collect())
    }

    /// Draws among the eligible sets; `None` if none of them has a weight above 0.
    #[inline]
    pub(super) fn draw(&self, key: &[u8], eligible: impl Fn(usize) -> bool) -> Option<Pick> {
        let (set, bucket, words) = self.choose(key, eligible)?;
        let enrolled = u128::from(words[SHARE]) < bucket.enrolled_below;
        let track = enrolled.then(|| bucket.track(words[TRACK]));
        Some(Pick::drawn(set, track, Some(words)))
    }

    #[cfg(feature = "control")]
    #[inline]
    pub(super) fn enrol(&self, set: usize, words: Words, share: f64) -> Option<usize> {
        let bucket = self.0.get(set)?;
        let enrolled = u128::from(words[SHARE]) < enrolled_below(share);
        enrolled.then(|| bucket.track(words[TRACK]))
    }

    /// Returns the eligible set with the largest score, its bucket and the numbers of its digest. A
    /// group of one set needs no score and no logarithm.
    #[inline]
    fn choose(
        &self,
        key: &[u8],
        eligible: impl Fn(usize) -> bool,
    ) -> Option<(usize, &Bucket, Words)> {
        // Eligibility comes second, because it is code of the application, and a set of weight 0 is never
        // chosen anyway.
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
            if bucket.is_surely_below(to_beat, words[SET]) {
                continue;
            }
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
            enrolled_below: enrolled_below(set.share),
            tickets: sums.collect(),
        }
    }

    /// The score −weight / ln u of weighted rendezvous hashing (Schindelhauer and Schomaker, 2005).
    fn score(&self, word: u64) -> f64 {
        // Not the logarithm of std, whose last bits differ between platforms: all machines must choose
        // the same set.
        -self.weight / libm::log(uniform(word))
    }

    /// Returns whether the score is below another by far more than rounding can tell. It is for
    /// most that are, and saves them the logarithm.
    ///
    /// Since −ln u ≥ 2 · (1 − u) / (1 + u), the score is at most weight · (1 + u) / (2 · (1 − u)).
    fn is_surely_below(&self, score: f64, word: u64) -> bool {
        // A double rounds at 1e-16, so the few operations of both sides lose far less than this.
        const MARGIN: f64 = 1.0 + 1e-9;
        let u = uniform(word);
        self.weight * (1.0 + u) * MARGIN < score * 2.0 * (1.0 - u)
    }

    /// Returns the index of the track whose ticket the number is: ⌊number · sum / 2⁶⁴⌋ is a ticket
    /// below the sum, and the first track whose cumulative weight is above it has it. A track of
    /// weight 0 has no ticket.
    #[inline]
    fn track(&self, word: u64) -> usize {
        let sum = self.tickets.last().copied().unwrap_or_default();
        let ticket = (u128::from(word) * u128::from(sum)) >> 64;
        self.tickets
            .partition_point(|end| u128::from(*end) <= ticket)
    }
}

/// Returns the number below which the share word of a key lets it in.
fn enrolled_below(share: f64) -> u128 {
    // A multiplication by a power of two is exact. Only a share below 1/4096 has bits left to round, and
    // they are worth less than one key in 2⁶⁴.
    (share * 2_f64.powi(64)).round() as u128
}

/// Returns the number between 0 and 1 that a word stands for, neither of them included.
fn uniform(word: u64) -> f64 {
    // The logarithm of 0 is infinite, and that of 1 is the 0 that a score divides by. The half keeps
    // both out, and with 52 bits it is still exact.
    ((word >> 12) as f64 + 0.5) * 2_f64.powi(-52)
}

/// Returns the coin of a digest: a free A/A test inside each set.
pub(in crate::assign) fn coin(words: &Words) -> bool {
    words[COIN] >> 63 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(weight: f64) -> Bucket {
        Bucket {
            name: "a".into(),
            weight,
            salted: Salted::new("a"),
            enrolled_below: 0,
            tickets: [].into(),
        }
    }

    /// Words from end to end: close to 0, close to the greatest, and between.
    fn words() -> impl Iterator<Item = u64> {
        let steps = (0..64).flat_map(|shift| [1 << shift, !(1 << shift), u64::MAX >> shift]);
        let spread = (0..1000_u64).map(|index| index.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        steps.chain(spread)
    }

    #[test]
    fn scores_that_are_clearly_lower_compare_lower() {
        for (weight, word) in [1.0, 3.0, 1e19]
            .into_iter()
            .flat_map(|weight| words().map(move |word| (weight, word)))
        {
            let bucket = bucket(weight);
            let score = bucket.score(word);
            assert!(score.is_finite() && score > 0.0, "{word}");
            assert!(!bucket.is_surely_below(score, word), "{word}");
            assert!(!bucket.is_surely_below(score.next_up(), word), "{word}");
        }
    }

    #[test]
    fn most_that_are_below_surely_are() {
        let bucket = bucket(1.0);
        let to_beat = bucket.score(u64::MAX / 8 * 7);
        let below: Vec<u64> = words()
            .filter(|word| bucket.score(*word) < to_beat)
            .collect();
        let surely = below
            .iter()
            .filter(|word| bucket.is_surely_below(to_beat, **word));
        assert!(surely.count() * 100 > below.len() * 95);
    }
}
