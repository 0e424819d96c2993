//! Which track keys are in, and why.

mod explained;
mod request;

pub(in crate::cli) use self::request::{Args, run};
