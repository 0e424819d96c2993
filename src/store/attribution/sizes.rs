//! How many units have a total of which size, in bins that integers decide.
//!
//! Sizes below 128 have a bin each. Above, each doubling has 64 bins, so that a bin is at most 1/64 wide. All stores
//! find the same bins, and counts of ranges of units add up.

use std::collections::BTreeMap;

/// From here on, a bin has several sizes.
const EXACT: u64 = 128;

/// The number of bins of each doubling, as a power of two.
const BITS: u32 = 6;

/// The numbers of units by the size of their total.
///
/// ```
/// use tower_tracks::store::Sizes;
///
/// let mut sizes = Sizes::default();
/// for total in [3, -3, 5, 0, 1000] {
///     sizes.add_total(total);
/// }
/// // Of the four totals that are not 0, three are at most 5.
/// assert_eq!((sizes.units(), sizes.quantile(0.75)), (4, Some(5)));
/// // The largest size of the bin of 1,000.
/// assert_eq!(sizes.quantile(1.0), Some(1007));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sizes(BTreeMap<u16, u64>);

impl Sizes {
    /// Adds a unit with this total. A total of 0 has no size.
    pub fn add_total(&mut self, total: i128) {
        let size = u64::try_from(total.unsigned_abs()).unwrap_or(u64::MAX);
        if size > 0 {
            *self.0.entry(bin(size)).or_default() += 1;
        }
    }

    /// Adds the units of another range.
    pub fn add(&mut self, other: &Self) {
        for (bin, units) in &other.0 {
            let sum = self.0.entry(*bin).or_default();
            *sum = sum.saturating_add(*units);
        }
    }

    /// Returns the number of units with a total other than 0.
    pub fn units(&self) -> u64 {
        self.0
            .values()
            .fold(0, |sum, units| sum.saturating_add(*units))
    }

    /// Returns a size that at least this share of the units do not exceed, and at most 1/64 above the smallest such
    /// size; `None` without units.
    pub fn quantile(&self, share: f64) -> Option<u64> {
        let units = self.units();
        let rank = ((share * units as f64).ceil() as u64).clamp(1, units.max(1));
        let mut below = 0_u64;
        let found = self.0.iter().find(|(_, units)| {
            below = below.saturating_add(**units);
            below >= rank
        });
        found.map(|(bin, _)| largest(*bin))
    }
}

/// Returns the bin of a size.
fn bin(size: u64) -> u16 {
    if size < EXACT {
        return size as u16;
    }
    let shift = size.ilog2() - BITS;
    // The leading bit is that of the doubling, and the next six say where in it.
    let within = (size >> shift) & ((1 << BITS) - 1);
    (EXACT + (u64::from(shift) - 1) * (1 << BITS) + within) as u16
}

/// Returns the largest size in a bin.
fn largest(bin: u16) -> u64 {
    let bin = u64::from(bin);
    if bin < EXACT {
        return bin;
    }
    let (shift, within) = ((bin - EXACT) / (1 << BITS) + 1, (bin - EXACT) % (1 << BITS));
    let next = u128::from((1 << BITS) + within + 1) << shift;
    u64::try_from(next - 1).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bins_follow_each_other() {
        let mut next = 1;
        for bin_of_it in 1..u16::MAX {
            assert_eq!(bin(next), bin_of_it);
            let last = largest(bin_of_it);
            assert_eq!(bin(last), bin_of_it);
            if last == u64::MAX {
                return;
            }
            next = last + 1;
        }
    }

    proptest! {
        #[test]
        fn a_bin_is_at_most_one_in_64_wide(size in 1_u64..) {
            let last = largest(bin(size));
            prop_assert!(last >= size && (last - size) <= size / 64);
        }
    }
}
