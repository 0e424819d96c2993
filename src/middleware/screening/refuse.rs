//! The layer that refuses speculative loads of browsers.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use http::{
    HeaderValue, Request, Response, StatusCode,
    header::{CACHE_CONTROL, VARY},
};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::speculation;

/// Refuses speculative loads with `503 Service Unavailable`, so that the browser sends a second request
/// when the visitor opens the page.
///
/// A page that was prefetched or prerendered is shown without a second request. By default, such a
/// load gets control and is not counted. If that affects too many visitors, add this layer around the
/// tested routes.
///
/// Loads by scripts, such as those of Turbo, Inertia, htmx or Next.js, are not refused, because the
/// script would show the refusal. There, turn off prefetching for tested pages, for instance with
/// `data-turbo-prefetch="false"`.
///
/// ```
/// use axum::{Router, routing::get};
/// use tower_tracks::middleware::RefuseSpeculationLayer;
///
/// let app: Router = Router::new()
///     .route("/coconuts", get(async || "a coconut"))
///     .layer(RefuseSpeculationLayer);
/// ```
///
/// The response has an empty body, `Cache-Control: no-store` and `Vary: sec-purpose`, so that no cache
/// returns it to a visitor:
///
/// ```
/// use axum::{Router, body::Body, routing::get};
/// use http::{Request, StatusCode};
/// use tower::ServiceExt;
/// use tower_tracks::middleware::RefuseSpeculationLayer;
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let app = Router::new().route("/", get(async || "a coconut")).layer(RefuseSpeculationLayer);
/// let request = Request::get("/").header("sec-purpose", "prefetch").body(Body::empty())?;
/// let response = app.oneshot(request).await?;
/// assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
#[must_use = "a layer does nothing until it is put around a service"]
pub struct RefuseSpeculationLayer;

impl<S> Layer<S> for RefuseSpeculationLayer {
    type Service = RefuseSpeculation<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RefuseSpeculation { inner }
    }
}

/// The service of a [`RefuseSpeculationLayer`].
///
/// It calls the inner service for all other requests, and does not change their responses.
#[derive(Debug, Clone)]
#[must_use]
pub struct RefuseSpeculation<S> {
    inner: S,
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for RefuseSpeculation<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    ResBody: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = RefuseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let is_refused = speculation::is_by_browser(request.headers());
        RefuseFuture {
            inner: (!is_refused).then(|| self.inner.call(request)),
        }
    }
}

pin_project! {
    /// The response future of [`RefuseSpeculation`]. For a refused load, it is ready at once.
    #[must_use = "futures do nothing unless polled"]
    pub struct RefuseFuture<F> {
        // `None` for a refused load.
        #[pin]
        inner: Option<F>,
    }
}

impl<F, ResBody, E> Future for RefuseFuture<F>
where
    F: Future<Output = Result<Response<ResBody>, E>>,
    ResBody: Default,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().inner.as_pin_mut() {
            None => Poll::Ready(Ok(refusal())),
            Some(inner) => inner.poll(cx),
        }
    }
}

/// Returns the response to a speculative load.
fn refusal<ResBody: Default>() -> Response<ResBody> {
    let mut response = Response::new(ResBody::default());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static("sec-purpose"));
    response
}

impl<F> fmt::Debug for RefuseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefuseFuture").finish_non_exhaustive()
    }
}
