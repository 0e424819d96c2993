//! The cookie by which a visitor is known again, within the law of cookies (RFC 6265bis).

mod cookie;
mod error;
mod law;
mod same_site;
mod shape;

pub use self::{cookie::VisitorCookie, error::CookieError, same_site::SameSite};
