//! The extractors of the choices: of one group, and of all.

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use crate::middleware::{Assignment, Assignments};

use super::MissingTracksLayer;

impl<S: Send + Sync> FromRequestParts<S> for Assignments {
    type Rejection = MissingTracksLayer;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let assignments = Self::of(parts);
        assignments.cloned().ok_or(MissingTracksLayer)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Assignment {
    type Rejection = MissingTracksLayer;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let assignments = Assignments::from_request_parts(parts, state).await?;
        Ok(Self::first(&assignments))
    }
}
