use std::thread;

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use super::{responses, ticket::Tickets};

/// How many goals are written by the thread of a request, which others share.
const FEW: usize = 1_000;

/// Writes what may be large on threads of its own, so that other requests go on.
///
/// It needs no runtime, so that the dashboard runs on any.
#[derive(Debug, Clone, Default)]
pub(super) struct Aside(Tickets);

impl Aside {
    /// Returns an answer that has a number of goals.
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

fn busy() -> Response {
    let page = responses::plain("Too many large answers are being written; try again.");
    let soon = [(header::RETRY_AFTER, "1")];
    (StatusCode::SERVICE_UNAVAILABLE, soon, page).into_response()
}
