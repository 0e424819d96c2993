//! The extractor of goals.

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use crate::middleware::{Assignments, Goals};

use super::MissingTracksLayer;

impl<S> FromRequestParts<S> for Goals
where
    S: Send + Sync,
{
    type Rejection = MissingTracksLayer;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let assignments = Assignments::of(parts);
        let goals = assignments.map(Assignments::goals);
        goals.ok_or(MissingTracksLayer)
    }
}
