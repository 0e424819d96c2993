#![cfg_attr(docsrs, feature(doc_cfg))]
//! A/B testing for the backend, as a tower layer.

pub mod assign;
pub mod event;
#[cfg(feature = "axum")]
pub mod extract;
#[cfg(feature = "tower")]
pub mod middleware;

#[cfg(feature = "axum")]
#[doc(inline)]
pub use self::extract::*;
#[cfg(feature = "tower")]
#[doc(inline)]
pub use self::middleware::*;
#[doc(inline)]
pub use self::{assign::*, event::*};
#[cfg(feature = "derive")]
pub use tower_tracks_derive::TrackSet;
