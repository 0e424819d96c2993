/// One, and rarely more: the first lives in place, so that it costs no allocation.
#[derive(Debug)]
pub(super) struct Few<T> {
    first: T,
    rest: Box<[T]>,
}

impl<T> Few<T> {
    /// Makes as many as are wanted, and at least one, from their indices.
    #[inline]
    pub(super) fn from_fn(count: usize, mut make: impl FnMut(usize) -> T) -> Self {
        Self {
            first: make(0),
            rest: (1..count).map(make).collect(),
        }
    }

    #[inline]
    pub(super) fn first(&self) -> &T {
        &self.first
    }

    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        match index.checked_sub(1) {
            None => Some(&self.first),
            Some(index) => self.rest.get(index),
        }
    }

    #[cfg(feature = "overrides")]
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        std::iter::once(&mut self.first).chain(&mut self.rest)
    }

    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.first).chain(&self.rest)
    }
}
