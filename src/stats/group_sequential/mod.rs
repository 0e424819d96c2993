//! Plans that are read at several looks, each of which spends a part of alpha.
//!
//! The boundary of a look depends on the looks up to it, and not on those to come. So a later look
//! changes no earlier decision.

mod density;
mod design;
mod look;
mod spending;

pub use self::{
    design::{GroupSequential, boundaries},
    spending::spent,
};
