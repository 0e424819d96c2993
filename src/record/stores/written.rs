use std::ops::AddAssign;

/// What became of the rows of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// What became of its exposures.
    pub exposures: Rows,
    /// What became of its conversions.
    pub conversions: Rows,
    /// What became of its aliases.
    pub aliases: Rows,
}

/// What became of rows of one table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    /// The store did not know them.
    pub new: u64,
    /// The store knew them, be it from this very batch; the earliest time stays.
    pub known: u64,
    /// Their unit was erased after they happened.
    pub erased: u64,
}

impl Written {
    /// Returns the rows of all three together.
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
