//! Plans that are read at several looks, each of which spends a part of alpha.

mod density;
mod design;
mod look;
mod spending;

pub use self::{
    design::{GroupSequential, boundaries},
    spending::spent,
};
