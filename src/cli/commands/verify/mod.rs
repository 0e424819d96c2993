//! Whether recorded assignments are what their definitions say.

mod ledger;
mod recomputed;
mod request;
mod timeline;
mod verified;

pub(in crate::cli) use self::request::{Args, run};
