//! Answers to requests that cannot be evaluated.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// Why a request, or one of its flags, has no answer.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) code: Code,
    /// For the developers of the client.
    pub(super) details: String,
}

/// The codes of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Code {
    FlagNotFound,
    ParseError,
    InvalidContext,
    TargetingKeyMissing,
}

/// The form of the protocol, of one flag or of all.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Failure<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    error_code: Code,
    error_details: &'a str,
}

impl Refusal {
    pub(super) fn new(code: Code, details: impl Into<String>) -> Self {
        let details = details.into();
        Self { code, details }
    }

    /// Returns it as a part of an answer; `key` is the flag.
    pub(super) fn failure<'a>(&'a self, key: Option<&'a str>) -> Failure<'a> {
        Failure {
            key,
            error_code: self.code,
            error_details: &self.details,
        }
    }

    /// Returns it as an answer.
    pub(super) fn response(&self, key: Option<&str>) -> Response {
        let status = match self.code {
            Code::FlagNotFound => StatusCode::NOT_FOUND,
            Code::ParseError | Code::InvalidContext | Code::TargetingKeyMissing => {
                StatusCode::BAD_REQUEST
            }
        };
        json(status, &self.failure(key))
    }
}

/// Returns an answer of JSON, for this client alone.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => written(status, body),
        // No type here has a map with other keys than texts, which alone could fail.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Returns an answer of written JSON.
pub(super) fn written(status: StatusCode, body: Vec<u8>) -> Response {
    let json = HeaderValue::from_static("application/json");
    private((status, [(header::CONTENT_TYPE, json)], body).into_response())
}

/// Keeps an answer out of shared caches, and lets a browser ask before it uses its copy.
pub(super) fn private(mut response: Response) -> Response {
    let private = HeaderValue::from_static("private, no-cache");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, private);
    response
}

/// Returns the answer to a client that may not ask.
pub(super) fn unauthorized() -> Response {
    private(StatusCode::UNAUTHORIZED.into_response())
}
