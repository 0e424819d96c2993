//! Taking turns, so that what else the machine does is shared by all that is compared.

use std::time::Duration;

/// The times of one work, by rounds.
pub(crate) struct Times(Vec<f64>);

/// Has each of the works done once a round, one after the other, and returns what each says of
/// the time it took.
pub(crate) fn take<const N: usize>(
    rounds: usize,
    works: &mut [&mut dyn FnMut() -> Duration; N],
) -> [Times; N] {
    let mut times = [const { Times(Vec::new()) }; N];
    for _ in 0..rounds {
        for (work, Times(times)) in works.iter_mut().zip(&mut times) {
            times.push(work().as_secs_f64());
        }
    }
    times
}

impl Times {
    /// Returns how much longer this took than another in the same round, by rounds.
    pub(crate) fn over(&self, other: &Self) -> Self {
        let pairs = self.0.iter().zip(&other.0);
        Self(pairs.map(|(ours, theirs)| ours / theirs).collect())
    }

    /// Returns the median over the rounds.
    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }
}
