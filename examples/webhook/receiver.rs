//! A receiver of webhooks, as a chat or a pager has one.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, Uri},
    routing::post,
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::mpsc};

/// A server on a free port of this machine.
pub(crate) struct Receiver {
    pub(crate) uri: Uri,
    texts: mpsc::UnboundedReceiver<String>,
    refused: Arc<AtomicU32>,
}

#[derive(Clone)]
struct Posts {
    texts: mpsc::UnboundedSender<String>,
    /// How many posts it still refuses.
    to_refuse: Arc<AtomicU32>,
    refused: Arc<AtomicU32>,
}

impl Receiver {
    /// Starts a receiver that refuses so many posts at first, as one does that restarts.
    pub(crate) async fn start(to_refuse: u32) -> io::Result<Self> {
        let (sender, texts) = mpsc::unbounded_channel();
        let refused = Arc::new(AtomicU32::new(0));
        let posts = Posts {
            texts: sender,
            to_refuse: Arc::new(AtomicU32::new(to_refuse)),
            refused: Arc::clone(&refused),
        };
        let app = Router::new()
            .route("/alerts", post(receive))
            .with_state(posts);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let uri = format!("http://{}/alerts", listener.local_addr()?);
        let uri = uri.parse().map_err(io::Error::other)?;
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self {
            uri,
            texts,
            refused,
        })
    }

    /// Returns the next text that arrives.
    pub(crate) async fn next(&mut self) -> Option<String> {
        self.texts.recv().await
    }

    /// Returns how many posts it has refused.
    pub(crate) fn refused(&self) -> u32 {
        self.refused.load(Relaxed)
    }
}

async fn receive(State(posts): State<Posts>, Json(post): Json<Value>) -> StatusCode {
    let one_less = |left: u32| left.checked_sub(1);
    let refuses = posts.to_refuse.fetch_update(Relaxed, Relaxed, one_less);
    if refuses.is_ok() {
        posts.refused.fetch_add(1, Relaxed);
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    match post["text"].as_str() {
        Some(text) if posts.texts.send(text.to_owned()).is_ok() => StatusCode::NO_CONTENT,
        Some(_) => StatusCode::GONE,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
