//! One type for all schemes. A scheme is chosen when the group is built, and precomputes what it
//! hashes before the key.

use crate::assign::set::Set;

#[cfg(feature = "python")]
use super::python;
use super::{drawn::Drawn, scheme::Bucketing, v1};

/// A scheme made ready for the sets of one group.
#[derive(Debug)]
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

    pub(in crate::assign) fn bucketing(&self) -> Bucketing {
        match self {
            Self::V1(_) => Bucketing::V1,
            #[cfg(feature = "python")]
            Self::Python(_) => Bucketing::Python,
        }
    }

    /// Returns what the scheme draws for a key among the sets for which `eligible` returns true;
    /// `None` if there is no such set of a weight above 0. It calls `eligible` at most once for
    /// each set.
    #[inline]
    pub(in crate::assign) fn draw(
        &self,
        key: &[u8],
        eligible: impl Fn(usize) -> bool,
    ) -> Option<Drawn> {
        match self {
            Self::V1(buckets) => buckets.draw(key, eligible),
            #[cfg(feature = "python")]
            Self::Python(buckets) => buckets.draw(key, eligible),
        }
    }
}
