//! The formats of access logs. Each finds two texts in a line: the header and the time. No format
//! splits a line at fields that a client can choose, so that text from a client is not taken for
//! the header.

mod captures;
mod fields;
mod format;
mod quoted;
mod time;

pub use self::format::AccessLog;
pub(super) use self::format::Logged;
