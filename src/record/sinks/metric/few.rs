//! A limit for the number of values of a label.

use std::{collections::HashSet, hash::Hash};

/// The first values of a label. Further values have no series of their own.
pub(super) struct Few<T> {
    known: HashSet<T>,
    most: usize,
}

impl<T: Clone + Eq + Hash> Few<T> {
    /// Returns an empty list for at most this number of values.
    pub(super) fn new(most: usize) -> Self {
        Self {
            known: HashSet::new(),
            most,
        }
    }

    /// Returns the value if it is one of the first, else none.
    pub(super) fn of<'v>(&mut self, value: &'v T) -> Option<&'v T> {
        if !self.known.contains(value) {
            if self.known.len() >= self.most {
                return None;
            }
            self.known.insert(value.clone());
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_stay() {
        let mut few = Few::new(2);
        let known: Vec<_> = [1, 2, 3, 1, 2, 4].iter().map(|n| few.of(n)).collect();
        assert_eq!(known, [Some(&1), Some(&2), None, Some(&1), Some(&2), None]);
    }
}
