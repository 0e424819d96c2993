//! Report.
mod model;
pub use self::model::*;
