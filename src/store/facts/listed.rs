//! A list in which each item has a fixed index. The map beside it makes the look-up of a known item
//! independent of the length of the list.

use std::{collections::HashMap, hash::Hash};

/// A list without repetitions.
#[derive(Debug, Clone)]
pub(super) struct Listed<T> {
    items: Vec<T>,
    indices: HashMap<T, u32>,
}

impl<T: Clone + Eq + Hash> Listed<T> {
    /// Returns the index of an item, which is added if it is not there.
    pub(super) fn index(&mut self, item: &T) -> u32 {
        if let Some(index) = self.indices.get(item) {
            return *index;
        }
        // A batch is held in memory, and is far from 2³² names.
        let index = self.items.len() as u32;
        self.items.push(item.clone());
        // A second copy costs little, because the texts of names are shared.
        self.indices.insert(item.clone(), index);
        index
    }
}

impl<T> Listed<T> {
    /// Returns the items, by index.
    pub(super) fn items(&self) -> &[T] {
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
