//! Whether segments, such as devices or countries, have the same effect.

use super::{ChiSquare, Comparison, NoAnswer};

/// The result of a test of whether a difference is the same in all segments.
///
/// A small [`p`](Self::p) means that the effect differs between segments. It does not show in which segment.
/// Segments without an answer are counted in [`left_out`](Self::left_out).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Heterogeneity {
    /// The mean of the differences of the segments, weighted by their precision.
    pub difference: f64,
    /// The standard error of this mean.
    pub standard_error: f64,
    /// Cochran's Q.
    pub q: f64,
    /// The number of segments with an answer, minus one.
    pub degrees_of_freedom: u32,
    /// The upper tail of the chi-square distribution.
    pub p: f64,
    /// The share of the spread between segments that is not due to chance, from 0 to 1.
    pub i_squared: f64,
    /// The number of segments without an answer.
    pub left_out: usize,
}

/// Returns Cochran's test of whether the difference is the same in all segments.
///
/// With `d` the difference of a segment and `w = 1/se²`: `d̄ = Σwd/Σw`. `Q = Σw(d − d̄)²` has a chi-square
/// distribution with one degree of freedom less than there are segments.
///
/// **Warning**: it is valid at one look. Show it with the look that decides, or without a verdict.
///
/// ```
/// use tower_tracks::stats::{Mean, Test, compare_means, heterogeneity};
///
/// let test = Test::fixed(0.05)?;
/// let mean = |mean| Mean { units: 1000, mean, variance: 25.0, ..Mean::default() };
/// // Half a unit more on phones, half a unit less elsewhere.
/// let segments = [0.5, -0.5].map(|more| compare_means(&mean(7.0), &mean(7.0 + more), &test));
/// let found = heterogeneity(&segments)?;
/// assert!(found.p < 0.01 && found.difference.abs() < 1e-12);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// Source: Cochran 1954, "The combination of estimates from different experiments"; Higgins &
/// Thompson 2002 for `I²`.
///
/// # Errors
///
/// If fewer than two segments have an answer.
pub fn heterogeneity(segments: &[Result<Comparison, NoAnswer>]) -> Result<Heterogeneity, NoAnswer> {
    let answered = weighted(segments);
    let degrees = answered.len().saturating_sub(1) as u32;
    // A single segment has nothing to differ from, and so no degree of freedom.
    let distribution = ChiSquare::new(degrees).ok_or(NoAnswer::NothingToCompare)?;
    let weight: f64 = answered.iter().map(|(_, weight)| weight).sum();
    let sum: f64 = answered.iter().map(|(value, weight)| weight * value).sum();
    let difference = sum / weight;
    let square = |(value, weight): &(f64, f64)| weight * (value - difference).powi(2);
    let q: f64 = answered.iter().map(square).sum();
    // Of an infinite q the tail would be 0, which looks like a finding.
    let p = distribution.sf(q).filter(|_| q.is_finite());
    let expected = f64::from(degrees);
    Ok(Heterogeneity {
        difference,
        standard_error: weight.recip().sqrt(),
        q,
        degrees_of_freedom: degrees,
        p: p.ok_or(NoAnswer::OutOfRange)?,
        i_squared: (1.0 - expected / q.max(expected)).max(0.0),
        left_out: segments.len() - answered.len(),
    })
}

/// The differences, each with the reciprocal of its squared error.
fn weighted(segments: &[Result<Comparison, NoAnswer>]) -> Vec<(f64, f64)> {
    let weight = |segment: &Comparison| {
        let weight = segment.standard_error.powi(-2);
        // What does not vary has no answer, either.
        (weight.is_normal() && weight > 0.0).then_some((segment.difference.value, weight))
    };
    segments.iter().flatten().filter_map(weight).collect()
}
