/// Returns the sum of counts, or the most that 64 bits hold: what a store has may be anything.
pub(crate) fn total(counts: impl IntoIterator<Item = u64>) -> u64 {
    counts.into_iter().fold(0, u64::saturating_add)
}
