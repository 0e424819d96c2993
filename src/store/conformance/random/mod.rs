//! Random facts, after which a store has to return the same as [`Memory`](crate::store::Memory).
//!
//! Every run draws the same facts, by seeds from 0 to [`rounds`]. The first rounds are small, so that the
//! first failure is a short one.

mod event;
#[cfg(feature = "files")]
mod exported;
mod histories;
mod order;
mod seed;

#[cfg(feature = "files")]
pub use self::exported::exported_facts_can_be_imported;
pub use self::{
    histories::{histories_are_those_of_memory, history_of_seed},
    order::{order_does_not_matter, order_of_seed},
    seed::rounds,
};
