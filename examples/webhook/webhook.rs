//! A client that posts texts as JSON, from a task of its own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::http::{Method, Request, StatusCode, Uri, header};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::json;
use tokio::{sync::mpsc, task::JoinHandle, time};

/// How many texts may wait. While the receiver is away, later ones are lost and counted.
const QUEUE: usize = 100;

/// How often a text is posted at most, and how long after the first attempt the second one comes. Each
/// further wait is twice as long.
const ATTEMPTS: u32 = 5;
const WAIT: Duration = Duration::from_millis(100);

/// How long an attempt may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The end of the queue that takes texts. The task ends when it is dropped.
pub(crate) struct Webhook {
    queue: mpsc::Sender<String>,
    lost: Arc<AtomicU64>,
}

impl Webhook {
    /// Starts the task that posts to an address.
    pub(crate) fn start(uri: Uri) -> (Self, JoinHandle<()>) {
        let (queue, texts) = mpsc::channel(QUEUE);
        let lost = Arc::new(AtomicU64::new(0));
        let delivery = Delivery {
            client: Client::builder(TokioExecutor::new()).build_http(),
            uri,
            lost: Arc::clone(&lost),
        };
        let task = tokio::spawn(delivery.run(texts));
        (Self { queue, lost }, task)
    }

    /// Hands over a text. It never waits: if the queue is full, the text is lost.
    pub(crate) fn send(&self, text: String) {
        if self.queue.try_send(text).is_err() {
            self.lost.fetch_add(1, Relaxed);
        }
    }
}

/// The task.
struct Delivery {
    client: Client<HttpConnector, Full<Bytes>>,
    uri: Uri,
    lost: Arc<AtomicU64>,
}

/// The answer to an attempt.
enum Answer {
    Taken,
    /// Another attempt may succeed.
    Away,
    /// The receiver will never take this text.
    Refused,
}

impl Delivery {
    async fn run(self, mut texts: mpsc::Receiver<String>) {
        while let Some(text) = texts.recv().await {
            let lost = self.lost.swap(0, Relaxed);
            let text = match lost {
                0 => text,
                lost => format!("{text} ({lost} alerts before it were lost)"),
            };
            if !self.deliver(&text).await {
                eprintln!("an alert could not be posted: {text}");
            }
        }
    }

    /// Posts a text, and returns whether it was taken.
    async fn deliver(&self, text: &str) -> bool {
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                time::sleep(WAIT * 2_u32.pow(attempt - 1)).await;
            }
            match self.post(text).await {
                Answer::Taken => return true,
                Answer::Away => {}
                Answer::Refused => return false,
            }
        }
        false
    }

    async fn post(&self, text: &str) -> Answer {
        let body = json!({"text": text}).to_string();
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.uri.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::from(body));
        let Ok(request) = request else {
            return Answer::Refused;
        };
        match time::timeout(TIMEOUT, self.client.request(request)).await {
            Ok(Ok(response)) => of_status(response.status()),
            // No connection, or no answer in time.
            Ok(Err(_)) | Err(_) => Answer::Away,
        }
    }
}

fn of_status(status: StatusCode) -> Answer {
    match status {
        status if status.is_success() => Answer::Taken,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Answer::Away,
        status if status.is_server_error() => Answer::Away,
        _ => Answer::Refused,
    }
}
