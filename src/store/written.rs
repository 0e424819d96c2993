use std::ops::AddAssign;

/// The result of writing a batch.
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
