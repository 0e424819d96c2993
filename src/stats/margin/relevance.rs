use super::LiftBounds;

/// The result for a goal of which only a lift of some size matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Relevance {
    /// It is better by more than the smallest lift that matters.
    BetterByMore,
    /// It is worse by more than that.
    WorseByMore,
    /// It is better, perhaps by less than that.
    Better,
    /// It is worse, perhaps by less than that.
    Worse,
    /// Whatever the difference is, it is too small to matter.
    TooSmallToMatter,
    /// None of these is known yet.
    Unclear,
}

/// Reads the interval of a lift against the smallest lift that matters, 0.02 for 2%.
///
/// The first that holds is the answer. A limit on a border does not cross it.
///
/// ```
/// use tower_tracks::stats::{Interval, LiftBounds, Relevance, Wanted, relevance};
///
/// let interval = Interval { lower: -0.01, upper: 0.02 };
/// let lift = LiftBounds::new(interval, false, Wanted::More);
/// assert_eq!(relevance(&lift, 0.03), Relevance::TooSmallToMatter);
/// assert_eq!(relevance(&lift, 0.015), Relevance::Unclear);
/// ```
///
/// Source: Schuirmann 1987, "A comparison of the two one-sided tests procedure and the power
/// approach for assessing the equivalence of average bioavailability".
pub fn relevance(lift: &LiftBounds, smallest: f64) -> Relevance {
    let (lower, upper) = (lift.lower, lift.upper);
    if lower > smallest {
        Relevance::BetterByMore
    } else if upper < -smallest {
        Relevance::WorseByMore
    } else if lift.is_better() {
        Relevance::Better
    } else if lift.is_worse() {
        Relevance::Worse
    } else if lower > -smallest && upper < smallest {
        Relevance::TooSmallToMatter
    } else {
        Relevance::Unclear
    }
}
