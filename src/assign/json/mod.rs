//! Definitions as data: what a built group is written as, and read from.
//!
//! Eligibility is code and is not written; neither is what tracks carry.

mod read;
mod stored;
mod write;

pub use self::stored::StoredSets;
