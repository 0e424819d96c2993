use super::Role;
use crate::stats::{benjamini_hochberg, holm};

/// Returns p-values adjusted within the goals of their role, in the order they came.
pub(super) fn adjusted(comparisons: &[(Role, f64)]) -> Vec<f64> {
    let of = |role: Role| {
        let indexes = comparisons.iter().enumerate();
        indexes
            .filter(move |(_, (other, _))| *other == role)
            .map(|(index, (_, p))| (index, *p))
            .unzip::<_, _, Vec<usize>, Vec<f64>>()
    };
    let mut all: Vec<f64> = comparisons.iter().map(|(_, p)| *p).collect();
    let (primary, p_values) = of(Role::Primary);
    for (index, p) in primary.into_iter().zip(holm(&p_values)) {
        all[index] = p;
    }
    let (secondary, p_values) = of(Role::Secondary);
    for (index, p) in secondary.into_iter().zip(benjamini_hochberg(&p_values)) {
        all[index] = p;
    }
    all
}
