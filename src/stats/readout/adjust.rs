//! The adjustment of p-values, by what a goal is for.

use super::Role;
use crate::stats::{benjamini_hochberg, holm};

/// Returns p-values adjusted within the goals of their role, in the order they came.
pub(super) fn adjusted(comparisons: &[(Role, f64)]) -> Vec<f64> {
    let mut adjusted: Vec<f64> = comparisons.iter().map(|(_, p)| *p).collect();
    let mut within = |role: Role, adjust: fn(&[f64]) -> Vec<f64>| {
        let of_role = |index: &usize| comparisons[*index].0 == role;
        let indexes: Vec<usize> = (0..comparisons.len()).filter(of_role).collect();
        let p_values: Vec<f64> = indexes.iter().map(|index| comparisons[*index].1).collect();
        for (index, p) in indexes.into_iter().zip(adjust(&p_values)) {
            adjusted[index] = p;
        }
    };
    within(Role::Primary, holm);
    within(Role::Secondary, benjamini_hochberg);
    adjusted
}
