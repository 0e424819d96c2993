//! Threads that write large responses.

use std::thread;

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use super::{responses, ticket::Tickets};

/// The number of goals up to which a response is written on the thread of the request, which other
/// requests share.
const FEW: usize = 1_000;

/// Writes large responses on threads of their own, so that other requests continue.
///
/// It needs no runtime, so the dashboard runs on any.
#[derive(Debug, Clone, Default)]
pub(super) struct Aside(Tickets);

impl Aside {
    /// Writes a response with this number of goals. If too many large responses are being written,
    /// the response is 503.
    pub(super) async fn write(
        &self,
        goals: usize,
        answer: impl FnOnce() -> Response + Send + 'static,
    ) -> Response {
        if goals <= FEW {
            return answer();
        }
        let Some(ticket) = self.0.draw() else {
            return busy();
        };
        let (sender, written) = oneshot::channel();
        let writes = move || {
            let _ = sender.send(answer());
            drop(ticket);
        };
        let thread = thread::Builder::new().name("tracks-write".into());
        match thread.spawn(writes) {
            Ok(_) => written.await.unwrap_or_else(|_| busy()),
            Err(_) => busy(),
        }
    }
}

/// The response while all threads are busy.
fn busy() -> Response {
    let page = responses::plain("Too many large answers are being written; try again.");
    let soon = [(header::RETRY_AFTER, "1")];
    (StatusCode::SERVICE_UNAVAILABLE, soon, page).into_response()
}
