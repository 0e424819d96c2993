#![cfg_attr(docsrs, feature(doc_cfg))]
//! A/B testing for the backend, as a tower layer.

pub mod assign;

#[doc(inline)]
pub use self::assign::*;
#[cfg(feature = "derive")]
pub use tower_tracks_derive::TrackSet;
