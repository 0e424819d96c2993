//! Several p-values at once. What is not a number from 0 to 1 counts as 1.

/// Returns the p-values times their number, capped at 1: Bonferroni's adjustment.
pub fn bonferroni(p_values: &[f64]) -> Vec<f64> {
    let count = p_values.len() as f64;
    p_values
        .iter()
        .map(|p| (sound(*p) * count).min(1.0))
        .collect()
}

/// Returns adjusted p-values, in the order they came: those at most alpha are significant
/// together, with a probability of at most alpha that any of them is so by chance.
///
/// Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest: f64 = 0.0;
    for (rank, index) in ascending(p_values).into_iter().enumerate() {
        let times = (p_values.len() - rank) as f64;
        largest = largest.max((sound(p_values[index]) * times).min(1.0));
        adjusted[index] = largest;
    }
    adjusted
}

/// Returns q-values, in the order they came: of those at most q, a share of at most q is expected
/// to be there by chance.
///
/// Source: Benjamini & Hochberg 1995, "Controlling the false discovery rate".
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut least: f64 = 1.0;
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

fn sound(p: f64) -> f64 {
    if (0.0..=1.0).contains(&p) { p } else { 1.0 }
}
