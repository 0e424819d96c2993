//! The predicate for requests that need no token.

use std::sync::Arc;

use http::request::Parts;

/// The predicate of [`overrides_when`](crate::TracksLayer::overrides_when).
#[derive(Clone)]
pub(crate) struct Staff(pub(crate) Arc<IsStaff>);

type IsStaff = dyn Fn(&Parts) -> bool + Send + Sync;
