//! The extractor of a typed set.

use std::ops::Deref;

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use crate::{assign::TrackSet, middleware::Assignments};

use super::{AssignedRejection, MissingSet, MissingTracksLayer};

/// Extracts the track of a typed set.
///
/// A request that is in none of its tracks gets control, for instance because another set was chosen,
/// the key is outside the share, or the set is paused. `Option<Assigned<E>>` is `None` then.
///
/// # When it is an exposure
///
/// Extracting it is the exposure, because the handler acts on the track. If the request is in none of
/// the tracks, there is no exposure.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use tower_tracks::{Assigned, TrackSet};
///
/// #[derive(Clone, Copy, Debug, TrackSet)]
/// enum Ranking {
///     #[track(control)]
///     ByPrice,
///     ByTaste,
/// }
///
/// async fn search(Assigned(ranking): Assigned<Ranking>) -> &'static str {
///     match ranking {
///         Ranking::ByPrice => "the cheapest coconut",
///         Ranking::ByTaste => "the sweetest coconut",
///     }
/// }
/// # }
/// ```
///
/// # Requests in no track
///
/// With `Option`, a handler can treat them in another way than control:
///
/// ```
/// use tower_tracks::{Assigned, TrackSet};
///
/// #[derive(Clone, Copy, Debug, TrackSet)]
/// enum Ranking {
///     #[track(control)]
///     ByPrice,
///     ByTaste,
/// }
///
/// async fn survey(ranking: Option<Assigned<Ranking>>) -> &'static str {
///     match ranking {
///         Some(Assigned(Ranking::ByTaste)) => "Did you like the order of the coconuts?",
///         Some(_) => "Did you find a coconut?",
///         None => "",
///     }
/// }
/// ```
///
/// # Errors
///
/// Without a layer around the handler, or if no layer has the set, the response is `500 Internal Server
/// Error`; see [`AssignedRejection`](crate::extract::AssignedRejection).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Assigned<E: TrackSet>(pub E);

impl<E: TrackSet> Deref for Assigned<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.0
    }
}

impl<S, E> FromRequestParts<S> for Assigned<E>
where
    S: Send + Sync,
    E: TrackSet,
{
    type Rejection = AssignedRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        typed(parts).map(|found| Self(found.unwrap_or_else(E::control)))
    }
}

impl<S, E> OptionalFromRequestParts<S> for Assigned<E>
where
    S: Send + Sync,
    E: TrackSet,
{
    type Rejection = AssignedRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        // A missing layer is an error here as well: as `None`, it would look as if no visitor were in
        // the test.
        Ok(typed(parts)?.map(Self))
    }
}

/// Returns the track of a typed set; `None` if the request is in none of its tracks.
fn typed<E: TrackSet>(parts: &Parts) -> Result<Option<E>, AssignedRejection> {
    // The layer comes first: without one, its absence is the mistake, and not that of the set.
    let assignments = Assignments::of(parts).ok_or(MissingTracksLayer)?;
    Ok(assignments.typed().ok_or(MissingSet::new(E::NAME))?)
}
