use std::ops::{Deref, DerefMut};

/// One, and rarely more: one lives in place, so that it costs no allocation.
#[derive(Debug)]
pub(crate) enum Few<T> {
    One([T; 1]),
    More(Box<[T]>),
}

impl<T> Few<T> {
    /// Makes as many as are wanted, and at least one, from their indices.
    #[inline]
    pub(crate) fn from_fn(count: usize, mut make: impl FnMut(usize) -> T) -> Self {
        match count {
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
