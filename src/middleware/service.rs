use std::{
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use tower_service::Service;

use super::{future::ResponseFuture, request::Assignments, response::Guard, settings::Settings};

/// Assigns requests; see [`TracksLayer`](crate::TracksLayer), which makes it.
#[derive(Clone)]
#[must_use]
pub struct Tracks<S> {
    inner: S,
    settings: Arc<Settings>,
}

impl<S> Tracks<S> {
    pub(super) fn new(inner: S, settings: Arc<Settings>) -> Self {
        Self { inner, settings }
    }
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
        let inner = guard.watch(|| self.inner.call(Request::from_parts(parts, body)));
        ResponseFuture::new(inner, guard)
    }
}

impl<S: std::fmt::Debug> std::fmt::Debug for Tracks<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tracks")
            .field("inner", &self.inner)
            .field("settings", &self.settings)
            .finish()
    }
}
