//! The cookie that identifies a visitor, within the rules of browsers (RFC 6265bis).

mod cookie;
mod error;
mod law;
mod same_site;

pub use self::{cookie::VisitorCookie, error::CookieError, same_site::SameSite};
