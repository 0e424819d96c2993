//! Reading the header `Tracks-Exposure` back, from an access log.

mod decode;
mod error;
mod exposed;

pub use self::{decode::decode, error::DecodeError, exposed::Exposed};
