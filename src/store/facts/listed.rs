//! A list in which each item has a fixed index. The map beside it makes the look-up of a known item
//! independent of the length of the list.

use std::{collections::HashMap, hash::Hash};

/// A list without repetitions.
#[derive(Debug, Clone)]
pub(crate) struct Listed<T> {
    items: Vec<T>,
    indices: HashMap<T, u32>,
}

impl<T: Clone + Eq + Hash> Listed<T> {
    /// Returns the index of an item, which is added if it is not there.
    pub(super) fn index(&mut self, item: &T) -> u32 {
        // No list is that long.
        self.first(item, usize::MAX).unwrap_or(u32::MAX)
    }

    /// Returns the index of an item, which is added if it is new; `None` if there are so many already.
    pub(crate) fn first(&mut self, item: &T, most: usize) -> Option<u32> {
        if let Some(index) = self.indices.get(item) {
            return Some(*index);
        }
        if self.items.len() >= most {
            return None;
        }
        // A batch is held in memory, and is far from 2³² names.
        let index = self.items.len() as u32;
        self.items.push(item.clone());
        // A second copy costs little, because the texts of names are shared.
        self.indices.insert(item.clone(), index);
        Some(index)
    }
}

impl<T> Listed<T> {
    /// Returns the items, by index.
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            indices: HashMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_stay() {
        let mut listed = Listed::default();
        let indices: Vec<_> = [1, 2, 3, 1, 2, 4]
            .iter()
            .map(|n| listed.first(n, 2))
            .collect();
        assert_eq!(indices, [Some(0), Some(1), None, Some(0), Some(1), None]);
    }
}
