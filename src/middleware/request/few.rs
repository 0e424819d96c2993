//! A list that is nearly always of length one: most layers have one group and one unit.

use std::ops::{Deref, DerefMut};

/// One value or more. A single one is stored in place, so that it needs no allocation.
#[derive(Debug)]
pub(crate) enum Few<T> {
    One([T; 1]),
    More(Box<[T]>),
}

impl<T> Few<T> {
    /// Makes `count` values, and at least one, from their indices.
    #[inline]
    pub(crate) fn from_fn(count: usize, mut make: impl FnMut(usize) -> T) -> Self {
        match count {
            // There is no 0: settings have one group and one unit at least.
            0 | 1 => Self::One([make(0)]),
            _ => Self::More((0..count).map(make).collect()),
        }
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Self::One(one) => one,
            Self::More(more) => more,
        }
    }
}

impl<T> DerefMut for Few<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::One(one) => one,
            Self::More(more) => more,
        }
    }
}
