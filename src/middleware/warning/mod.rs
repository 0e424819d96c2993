//! Mistakes in the set-up, each logged once.

mod bursts;
pub(crate) mod warning;

pub(super) use self::warning::Warnings;
