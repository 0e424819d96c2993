//! How many units a test needs, or what it can find.

mod planned;
mod recorded;
mod request;

pub(in crate::cli) use self::request::{Args, run};
