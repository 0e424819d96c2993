//! The extractors of the choices, of one group and of all, and of goals.

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use crate::middleware::{Assignment, Assignments, Goals};

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

impl<S: Send + Sync> FromRequestParts<S> for Goals {
    type Rejection = MissingTracksLayer;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // By `of` as well: a conversion is lost, too, if the key of the user comes too late.
        let goals = Assignments::of(parts).map(Assignments::goals);
        goals.ok_or(MissingTracksLayer)
    }
}
