//! The service that a layer returns: assigns before the inner service is called, and writes after it.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use tower_service::Service;

use super::{future::ResponseFuture, request::Assignments, response::Guard, settings::Settings};

/// The service of a [`TracksLayer`](crate::TracksLayer): assigns each request, then calls the inner
/// service.
///
/// It works with any body and any inner service whose response is an [`http::Response`]. The inner
/// service finds the [`Assignments`](crate::Assignments) in the extensions of the request.
///
/// ```
/// use std::convert::Infallible;
///
/// use http::{Request, Response};
/// use tower::{Layer, ServiceExt, service_fn};
/// use tower_tracks::{Assignments, SimpleTrackSet, TracksLayer};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let delay = SimpleTrackSet::new("delay").without_control().track("short", 500).build()?;
/// let inner = service_fn(|request: Request<()>| async move {
///     let tracks = request.extensions().get::<Assignments>();
///     let delay = tracks.and_then(|tracks| tracks.get("delay"));
///     Ok::<_, Infallible>(Response::new(delay.map(|delay| delay.to_string())))
/// });
/// let service = TracksLayer::new(delay).layer(inner);
///
/// let request = Request::get("/").header("user-agent", "Mozilla/5.0").body(())?;
/// let response = service.oneshot(request).await?;
/// assert_eq!(response.body().as_deref(), Some("delay/short"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A clone shares the settings with the original, so cloning it per request or connection is cheap. If
/// the inner service panics while it is called or polled, the exposures have the outcome
/// [`Panicked`](crate::event::Outcome::Panicked); if the future is dropped before, they are
/// [`Cancelled`](crate::event::Outcome::Cancelled).
#[derive(Debug, Clone)]
#[must_use]
pub struct Tracks<S> {
    pub(super) inner: S,
    pub(super) settings: Arc<Settings>,
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for Tracks<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let (mut parts, body) = request.into_parts();
        let mut guard = Guard::new(Assignments::begin(&self.settings, &mut parts));
        // The guard exists before the call, because a service may panic in `call` already.
        let inner = guard.watch(|| self.inner.call(Request::from_parts(parts, body)));
        ResponseFuture { inner, guard }
    }
}
