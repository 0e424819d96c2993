//! Several p-values at once. What is not a number from 0 to 1 counts as 1.
//!
//! Each comparison that is made without an effect has a chance of alpha to look like one. The
//! adjustments count the comparisons: [`bonferroni`] and [`holm`] bound the probability of any false
//! finding, [`benjamini_hochberg`] the share of false ones among the findings.

/// Returns p-values adjusted by Bonferroni: each is multiplied by their number and capped at 1.
///
/// It is the simplest adjustment, and it is valid for dependent p-values. So is [`holm`], which finds at
/// least as much. The intervals of primary goals use Bonferroni's adjustment.
///
/// ```
/// use tower_tracks::stats::bonferroni;
///
/// assert_eq!(bonferroni(&[0.01, 0.04, 0.03, 0.005]), [0.04, 0.16, 0.12, 0.02]);
/// assert_eq!(bonferroni(&[0.5, 1.0, f64::NAN]), [1.0, 1.0, 1.0]);
/// ```
pub fn bonferroni(p_values: &[f64]) -> Vec<f64> {
    let count = p_values.len() as f64;
    p_values
        .iter()
        .map(|p| (sound(*p) * count).min(1.0))
        .collect()
}

/// Returns p-values adjusted by Holm, in their order. If those of at most alpha are called significant, the
/// probability that any of them is a false finding is at most alpha.
///
/// The smallest p is multiplied by the number of p-values, the next one by one less, and so on. No value
/// becomes smaller than the previous one. [`read`](crate::stats::read) adjusts primary goals in this way.
///
/// ```
/// use tower_tracks::stats::holm;
///
/// let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
/// let rounded: Vec<f64> = adjusted.iter().map(|p| (p * 100.0).round()).collect();
/// assert_eq!(rounded, [3.0, 6.0, 6.0, 2.0]);
/// ```
///
/// Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest: f64 = 0.0;
    for (rank, index) in ascending(p_values).into_iter().enumerate() {
        let times = (p_values.len() - rank) as f64;
        // Never below the one before: the procedure stops at the first p that is too large.
        largest = largest.max((sound(p_values[index]) * times).min(1.0));
        adjusted[index] = largest;
    }
    adjusted
}

/// Returns q-values by Benjamini & Hochberg, in their order. Among findings with a q-value of at most `q`,
/// the expected share of false ones is at most `q`.
///
/// It finds more than [`holm`], but guarantees less: some of the findings may be false.
/// [`read`](crate::stats::read) adjusts exploratory goals in this way.
///
/// ```
/// use tower_tracks::stats::benjamini_hochberg;
///
/// let adjusted = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.005]);
/// let rounded: Vec<f64> = adjusted.iter().map(|q| (q * 100.0).round()).collect();
/// assert_eq!(rounded, [2.0, 4.0, 4.0, 2.0]);
/// ```
///
/// Source: Benjamini & Hochberg 1995, "Controlling the false discovery rate".
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut least: f64 = 1.0;
    // From the largest down, because a q is at most that of the next larger p.
    for (rank, index) in ascending(p_values).into_iter().enumerate().rev() {
        let times = p_values.len() as f64 / (rank + 1) as f64;
        least = least.min(sound(p_values[index]) * times);
        adjusted[index] = least;
    }
    adjusted
}

/// The indexes of the p-values, the smallest first.
fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| sound(p_values[*a]).total_cmp(&sound(p_values[*b])));
    order
}

/// A p-value, or 1 for what is none: it is never a finding.
fn sound(p: f64) -> f64 {
    if (0.0..=1.0).contains(&p) { p } else { 1.0 }
}
