//! Lines of access logs.

mod captures;
mod fields;
mod format;
mod quoted;
mod time;

pub use self::format::AccessLog;
pub(super) use self::format::Logged;
