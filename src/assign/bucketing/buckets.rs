//! One type for all schemes. A scheme is chosen when the group is built, and precomputes what it
//! hashes before the key.

#[cfg(feature = "control")]
use crate::assign::pick::Words;
use crate::assign::{
    pick::{Pick, Reason},
    set::Set,
};

#[cfg(feature = "python")]
use super::python;
use super::{scheme::Bucketing, v1};

/// A scheme made ready for the sets of one group.
#[derive(Debug)]
// Not a trait object, because `draw` takes any closure, and has to be inlined with it.
pub(in crate::assign) enum Buckets {
    V1(v1::Buckets),
    #[cfg(feature = "python")]
    Python(python::Buckets),
}

impl Buckets {
    pub(in crate::assign) fn new<'a>(
        bucketing: Bucketing,
        sets: impl ExactSizeIterator<Item = &'a Set>,
    ) -> Self {
        match bucketing {
            Bucketing::V1 => Self::V1(v1::Buckets::new(sets)),
            #[cfg(feature = "python")]
            Bucketing::Python => Self::Python(python::Buckets::new(sets)),
        }
    }

    /// Returns what the scheme draws for a key among the sets for which `eligible` returns true. It
    /// calls `eligible` at most once for each set.
    #[inline]
    pub(in crate::assign) fn draw(&self, key: &[u8], eligible: impl Fn(usize) -> bool) -> Pick {
        let drawn = match self {
            Self::V1(buckets) => buckets.draw(key, eligible),
            #[cfg(feature = "python")]
            Self::Python(buckets) => buckets.draw(key, eligible),
        };
        drawn.unwrap_or(Pick::nothing(Reason::Ineligible))
    }

    /// Returns the track of a drawn key under another share of its set; `None` outside of it, and in a
    /// scheme without shares.
    #[cfg(feature = "control")]
    #[inline]
    pub(in crate::assign) fn enrol(&self, set: usize, words: Words, share: f64) -> Option<usize> {
        match self {
            Self::V1(buckets) => buckets.enrol(set, words, share),
            #[cfg(feature = "python")]
            Self::Python(_) => None,
        }
    }
}
