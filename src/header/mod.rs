//! Parses the header `Tracks-Exposure`, as an access log has it.
//!
//! ```
//! use tower_tracks::header::decode;
//!
//! let exposed = decode("pricing=cheap, delay=control;forced")?;
//! assert_eq!(exposed[0].set, "pricing");
//! assert_eq!(exposed[0].track, "cheap");
//! assert!(exposed[1].forced);
//! # Ok::<(), tower_tracks::header::DecodeError>(())
//! ```
//!
//! The guide [`logs`](crate::guide::logs) shows how access logs get the header, and how facts are imported
//! from them.

mod decode;
mod error;
mod exposed;

pub use self::{decode::decode, error::DecodeError, exposed::Exposed};
