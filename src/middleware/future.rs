//! The future of a response, which ends its request exactly once.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use pin_project_lite::pin_project;

use super::response::Guard;

pin_project! {
    /// The response of [`Tracks`](crate::middleware::Tracks).
    ///
    /// It reports the exposures of its request when it is ready or dropped.
    ///
    /// It adds no allocation and no task. When the inner future returns a response, it writes the
    /// exposure header, the visitor cookie and the caching headers into it; the body is not touched.
    /// When the inner future returns an error, the error is passed on, and the exposures have the
    /// outcome [`Failed`](crate::event::Outcome::Failed).
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F> {
        #[pin]
        pub(super) inner: F,
        // Ends the request when it is dropped, if the inner future did not return.
        pub(super) guard: Guard,
    }
}

impl<F, ResBody, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<ResBody>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut result = ready!(this.guard.watch(|| this.inner.poll(cx)));
        match &mut result {
            Ok(response) => {
                let status = response.status();
                this.guard.complete(status, response.headers_mut());
            }
            Err(_) => this.guard.fail(),
        }
        Poll::Ready(result)
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
