use std::collections::BTreeMap;

/// Returns the sum of counts, or the most that 64 bits hold: what a store has may be anything.
pub(crate) fn total(counts: impl IntoIterator<Item = u64>) -> u64 {
    counts.into_iter().fold(0, u64::saturating_add)
}

/// Returns the sum of the counts of each key, as [`total`] sums them.
pub(super) fn totals<K: Ord>(counts: impl IntoIterator<Item = (K, u64)>) -> BTreeMap<K, u64> {
    let mut totals = BTreeMap::new();
    for (key, n) in counts {
        let total: &mut u64 = totals.entry(key).or_default();
        *total = total.saturating_add(n);
    }
    totals
}
