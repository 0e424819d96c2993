use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{Access, board::Board, pages};

/// Nothing is loaded but our style sheet and icon, forms go home, and nobody frames a page.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::CACHE_CONTROL, "private, no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// Who acts; `None` for those who only read.
#[derive(Debug, Clone)]
pub(super) struct Who(pub(super) Option<Arc<str>>);

/// Lets through whom the application lets.
pub(super) async fn admit(
    State(board): State<Arc<Board>>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let who = match (board.access)(&parts) {
        Access::None => return forbidden("You may not see this page."),
        Access::Refused(response) => return response,
        Access::Read => None,
        Access::Act(who) => Some(who.into()),
    };
    parts.extensions.insert(Who(who));
    next.run(Request::from_parts(parts, body)).await
}

/// Puts on every response what browsers and caches have to know.
///
/// The application's own refusal has its own policy, if it has one.
pub(super) async fn protect(mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    for (name, value) in HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The answer to a post that another site sent.
pub(super) fn is_foreign() -> Response {
    forbidden("This came from another site, so nothing was done.")
}

pub(super) fn forbidden(why: &str) -> Response {
    (StatusCode::FORBIDDEN, pages::plain(why)).into_response()
}
