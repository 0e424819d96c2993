//! The programs that are compared.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use axum::{
    Extension, Router,
    body::Body,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
    routing::get,
};
use http::{
    HeaderName, HeaderValue,
    header::{CACHE_CONTROL, COOKIE, VARY},
};
use sha2::{Digest, Sha256};
use tower::{Service, layer::layer_fn};
use tower_cookies::{CookieManagerLayer, Cookies};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_tracks::{
    Assigned, Exclusion, Exposure, MultiTrackSet, TrackSet, TracksLayer, Units,
    control::{Act, ChangeLog, Controls, Draft, MemoryLog},
    middleware::{Mask, Override},
    unit::CookieSigning,
};

/// A known visitor's cookie.
const VISITOR: &str = "AAECAwQFBgcICQoLDA0ODw";

const EXPOSURE: HeaderName = HeaderName::from_static("tracks-exposure");

pub(crate) const BY_HAND: &str = "by hand, from_fn";
/// The program that controls are added to, and what the names of those with them begin with.
pub(crate) const READ: &str = "tracks, read";
pub(crate) const CONTROLLED: &str = "read, and controls";

/// Each program with its name, whether its responses have the exposure header, and the value of the
/// visitor's cookie.
pub(crate) fn all() -> [(&'static str, Router, bool, String); 16] {
    let signing = CookieSigning::new(SECRET).unwrap();
    let signed = signing.value(VISITOR);
    [
        ("bare router", bare(), false),
        ("no-op layer", bare().layer(layer_fn(NoOp)), false),
        ("request id", request_id(), false),
        ("tower-cookies, one read", tower_cookies(), false),
        (BY_HAND, by_hand(), true),
        ("tracks, not read", bare().layer(layer()), false),
        (READ, reading().layer(layer()), true),
        (
            CONTROLLED,
            reading().layer(layer().controls(&controls(None))),
            true,
        ),
        (
            "read, and controls with a share",
            reading().layer(layer().controls(&controls(Some(0.999)))),
            true,
        ),
        (
            "tracks, three groups, one read",
            reading().layer(three_groups()),
            true,
        ),
        (
            "read, and bots excluded",
            reading().layer(layer().exclude(Exclusion::default())),
            true,
        ),
        (
            "read, and told",
            reading().layer(layer().observe(|_: &Exposure| {})),
            true,
        ),
        (
            "read, and overrides",
            reading().layer(layer().overrides(overrides())),
            true,
        ),
        (
            "read, and masked",
            reading().layer(layer().mask(mask())),
            true,
        ),
        (
            "read, and units",
            reading().layer(layer().units(units())),
            true,
        ),
        (
            "read, signed cookie",
            reading().layer(layer().sign(signing)),
            true,
        ),
    ]
    .map(|(name, app, header)| {
        let is_signed = name.ends_with("signed cookie");
        let value = if is_signed { &*signed } else { VISITOR };
        (name, app.with_state(()), header, value.to_owned())
    })
}

async fn coconut() -> &'static str {
    "A coconut is 50.\n"
}

fn bare() -> Router {
    Router::new().route("/", get(coconut))
}

#[derive(Clone, Copy, Debug, TrackSet)]
enum Pricing {
    #[track(control)]
    Control,
    Cheap,
    Expensive,
}

async fn priced(Assigned(pricing): Assigned<Pricing>) -> &'static str {
    text(pricing)
}

fn text(pricing: Pricing) -> &'static str {
    match pricing {
        Pricing::Control => "A coconut is 50.\n",
        Pricing::Cheap => "A coconut is 49.\n",
        Pricing::Expensive => "A coconut is 51.\n",
    }
}

fn reading() -> Router {
    Router::new().route("/", get(priced))
}

fn layer() -> TracksLayer {
    // A program by hand excludes no bots and signs nothing, so both are measured separately.
    TracksLayer::new(Pricing::track_set().build().unwrap())
        .exclude(Exclusion::none())
        .sign(CookieSigning::off())
}

const SECRET: &str = "the secret of this bench";

/// Controls that leave the share to the code, or set another one.
fn controls(share: Option<f64>) -> Controls {
    let log = MemoryLog::default();
    if let Some(share) = share {
        let act = Act::Share { share, over: 1.0 };
        let draft = Draft::new("pricing", 1, act, "alice", "a bench");
        let _ = log.append(&draft, 0).unwrap();
    }
    Controls::builder(log).start().unwrap()
}

fn overrides() -> Override {
    Override::new(SECRET).unwrap()
}

fn mask() -> Mask {
    Mask::new(SECRET).unwrap()
}

fn units() -> Units {
    Units::pseudonym(SECRET).unwrap()
}

fn three_groups() -> TracksLayer {
    let set = |name: &str| -> MultiTrackSet {
        tower_tracks::SimpleTrackSet::new(name)
            .track("on", 1)
            .build()
            .unwrap()
    };
    layer()
        .and(set("banner"))
        .unwrap()
        .and(set("ranking"))
        .unwrap()
}

/// What one writes before one looks for a crate: the visitor's cookie, a hash, the track into
/// the extensions, and the header.
fn by_hand() -> Router {
    async fn handler(Extension(pricing): Extension<Pricing>) -> &'static str {
        text(pricing)
    }

    async fn assign(mut request: Request, next: Next) -> Response {
        let (pricing, header) = choose(visitor(&request).unwrap_or_default());
        request.extensions_mut().insert(pricing);
        let mut response = next.run(request).await;
        let headers = response.headers_mut();
        headers.insert(EXPOSURE, HeaderValue::from_static(header));
        headers.append(VARY, HeaderValue::from_static("Cookie"));
        headers.append(CACHE_CONTROL, HeaderValue::from_static("private"));
        response
    }

    Router::new()
        .route("/", get(handler))
        .layer(from_fn(assign))
}

fn visitor(request: &Request) -> Option<&str> {
    let cookies = request.headers().get(COOKIE)?.to_str().ok()?;
    cookies
        .split(';')
        .find_map(|cookie| cookie.trim().strip_prefix("__Host-tracks="))
}

fn choose(visitor: &str) -> (Pricing, &'static str) {
    let digest = Sha256::new()
        .chain_update("pricing:")
        .chain_update(visitor)
        .finalize();
    match digest[0] % 3 {
        0 => (Pricing::Control, "pricing=control"),
        1 => (Pricing::Cheap, "pricing=cheap"),
        _ => (Pricing::Expensive, "pricing=expensive"),
    }
}

fn request_id() -> Router {
    let name = HeaderName::from_static("x-request-id");
    bare()
        .layer(PropagateRequestIdLayer::new(name.clone()))
        .layer(SetRequestIdLayer::new(name, MakeRequestUuid))
}

fn tower_cookies() -> Router {
    async fn handler(cookies: Cookies) -> &'static str {
        cookies
            .get("__Host-tracks")
            .map_or("", |_| "A coconut is 50.\n")
    }

    Router::new()
        .route("/", get(handler))
        .layer(CookieManagerLayer::new())
}

/// A layer that does nothing, so that what `Router::layer` costs is not counted against those
/// that do something.
#[derive(Clone)]
struct NoOp<S>(S);

impl<S> Service<Request<Body>> for NoOp<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.0.call(request)
    }
}
