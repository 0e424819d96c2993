//! Bucketing: the hashing of a key. One file per scheme.
//!
//! A scheme is public contract: it has a name and vectors, and a change to it is a new
//! scheme.

mod buckets;
#[cfg(feature = "python")]
mod python;
mod salted;
mod scheme;
mod v1;

#[cfg(feature = "python")]
pub(super) use self::python::masked;
pub use self::scheme::Bucketing;
pub(super) use self::{buckets::Buckets, v1::coin};
