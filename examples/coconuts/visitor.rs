//! Who visits the shop, as far as it matters to the tests.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{header::USER_AGENT, request::Parts},
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use tower_tracks::FromParts;

/// The login cookie. This shop believes it; a real one signs it.
const VIP: &str = "vip";

/// What eligibility looks at, and the pages, too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visitor {
    pub(super) is_vip: bool,
    /// Results are also shown by device.
    pub(super) device: &'static str,
}

/// For the layer: the context of the sets.
impl FromParts for Visitor {
    fn from_parts(parts: &Parts) -> Self {
        // What a service has said of the visitor.
        if let Some(visitor) = parts.extensions.get() {
            return *visitor;
        }
        let cookies = CookieJar::from_headers(&parts.headers);
        let agent = parts.headers.get(USER_AGENT);
        let is_mobile = agent
            .and_then(|agent| agent.to_str().ok())
            .is_some_and(|agent| agent.contains("Mobile"));
        Self {
            device: if is_mobile { "mobile" } else { "desktop" },
            is_vip: cookies
                .get(VIP)
                .is_some_and(|cookie| cookie.value() == "yes"),
        }
    }
}

/// For the handlers.
impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::from_parts(parts))
    }
}

/// Returns the cookies after a login.
pub(super) fn log_in(cookies: CookieJar) -> CookieJar {
    let cookie = Cookie::build((VIP, "yes")).path("/").http_only(true);
    cookies.add(cookie.same_site(SameSite::Lax))
}

/// Returns the cookies after a logout.
pub(super) fn log_out(cookies: CookieJar) -> CookieJar {
    cookies.remove(Cookie::build(VIP).path("/"))
}
