//! The checks of every request, and the headers of every response.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};

use super::{
    board::Board,
    responses::{self, forbidden},
    stranger::stranger,
    visit::{Level, Visit, Who},
};

/// Only our style sheet and icon are loaded, forms are sent to this server, and no page is framed.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// The headers of every response: results are private, and no other site may frame or sniff them.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::CACHE_CONTROL, "private, no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // The same as `frame-ancestors`, for browsers that do not know it.
    (header::X_FRAME_OPTIONS, "DENY"),
    // The address of a page may have the pseudonym of a unit, and a preview may be on another host.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// Admits requests that the application admits.
pub(super) async fn admit(
    State(board): State<Arc<Board>>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match admitted(&board, &parts) {
        Ok(who) => {
            // Read once for the request: the thread may replace the report while a page is made,
            // and a page must not mix two of them.
            let known = board.known();
            parts.extensions.insert(Visit { board, known, who });
            next.run(Request::from_parts(parts, body)).await
        }
        Err(response) => *response,
    }
}

/// Returns the sender of an admitted request. A request without a credential is admitted only with
/// an allowed host; otherwise a site that rebinds its name to this server could read the results.
fn admitted(board: &Board, parts: &Parts) -> Result<Who, Box<Response>> {
    let who = Who::of((board.access)(parts))?;
    match board.hosts.refused(parts) {
        // The bare copy of a request is only made if its host is not allowed, since it runs the
        // closure of the application a second time.
        Some(host) if !(board.hosts.may_be_other() && has_credential(board, parts)) => {
            Err(Box::new(misdirected(&host)))
        }
        _ => Ok(who),
    }
}

/// Returns whether the application would refuse the same request without anything that may be a
/// credential.
fn has_credential(board: &Board, parts: &Parts) -> bool {
    Who::of((board.access)(&stranger(parts))).is_err()
}

/// Lets a request pass if its sender has the level of the route.
pub(super) async fn require(level: Level, request: Request, next: Next) -> Response {
    let visit = request.extensions().get::<Visit>();
    if visit.is_some_and(|visit| visit.who.level >= level) {
        next.run(request).await
    } else {
        forbidden(level.refusal())
    }
}

/// Adds the headers to a response, unless it has them: the application's own refusal may have its
/// own policy.
pub(super) async fn protect(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

/// The response to a post that another site sent.
pub(super) fn is_foreign() -> Response {
    forbidden("This came from another site, so nothing was done.")
}

/// The response 421 to a request for a host that is not allowed.
fn misdirected(host: &str) -> Response {
    let why = format!(
        "The host “{host}” is not allowed. If it is a name of this server, pass it to \
         `Dashboard::hosts`."
    );
    (StatusCode::MISDIRECTED_REQUEST, responses::plain(&why)).into_response()
}
