//! The counts that a write returns: how many facts were new, known or erased.

use std::ops::AddAssign;

/// The result of writing a batch.
///
/// Only the three tables of facts about units are counted. Definitions, plans, sums and losses are
/// written without a count. The counts of several batches can be added.
///
/// ```
/// use tower_tracks::store::Written;
///
/// let mut first = Written::default();
/// first.exposures.new = 3;
/// let mut written = first;
/// written += first;
/// assert_eq!(written.exposures.new, 6);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The counts of its exposures.
    pub exposures: Rows,
    /// The counts of its conversions.
    pub conversions: Rows,
    /// The counts of its aliases.
    pub aliases: Rows,
}

/// The counts of the rows of one table.
///
/// The three numbers add up to the rows of the table in the batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rows {
    /// Rows that were new.
    pub new: u64,
    /// Rows that were known, from the store or from the same batch; the earliest time stays.
    pub known: u64,
    /// Rows whose unit was erased after their time.
    pub erased: u64,
}

impl Written {
    /// Returns the sum over all three tables.
    ///
    /// ```
    /// use tower_tracks::store::Written;
    ///
    /// let mut written = Written::default();
    /// written.exposures.new = 3;
    /// written.aliases.new = 1;
    /// assert_eq!(written.total().new, 4);
    /// ```
    pub fn total(&self) -> Rows {
        let mut total = self.exposures;
        total += self.conversions;
        total += self.aliases;
        total
    }
}

impl AddAssign for Written {
    fn add_assign(&mut self, other: Self) {
        self.exposures += other.exposures;
        self.conversions += other.conversions;
        self.aliases += other.aliases;
    }
}

impl AddAssign for Rows {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.known += other.known;
        self.erased += other.erased;
    }
}
