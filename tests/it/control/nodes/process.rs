use std::{
    env,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, ChildStdout, Command, Stdio},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::{HeaderName, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tower_tracks::control::Change;

use super::node::{BEGAN, ENDED, SETTINGS, Settings};
use crate::support::BROWSER;

/// How long anything may take, on a machine that is busy.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A node that runs until it is dropped.
pub(super) struct Node {
    child: Mutex<Child>,
    address: SocketAddr,
    settings: Settings,
    client: Client<HttpConnector, Full<Bytes>>,
    /// Kept open, since the test runner of the process ends if it cannot write there.
    _stdout: BufReader<ChildStdout>,
}

/// What a node answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) text: String,
    /// The times of the node before and after it, in microseconds since 1970.
    pub(super) began: i64,
    pub(super) ended: i64,
}

impl Node {
    pub(super) fn start(settings: Settings) -> Self {
        let mut child = spawn(&settings);
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut lines = stdout.by_ref().lines().map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix("listens on ")?.parse().ok());
        Self {
            child: Mutex::new(child),
            address: address.expect("the node does not start"),
            settings,
            client: Client::builder(TokioExecutor::new()).build_http(),
            _stdout: stdout,
        }
    }

    /// Ends the process as `kill -9` does.
    pub(super) fn kill(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Kills the process, and starts it with the same settings.
    pub(super) fn restart(&mut self) {
        self.kill();
        *self = Self::start(self.settings.clone());
    }

    /// Returns what the requester gets: the track, or the reason why there is none.
    pub(super) async fn track(&self, set: &str, key: &str) -> Answer {
        let cookie = format!("id={key}");
        let asked = self.send(Method::GET, set, &cookie, "").await;
        let answer = asked.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer
    }

    pub(super) async fn state(&self, set: &str) -> String {
        let path = format!("{set}/state");
        self.send(Method::GET, &path, "", "").await.unwrap().text
    }

    pub(super) async fn is_ready(&self) -> bool {
        let answer = self.send(Method::GET, "ready", "", "").await.unwrap();
        answer.status == StatusCode::OK
    }

    pub(super) async fn wait_until_ready(&self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.is_ready().await {
            assert!(Instant::now() < deadline, "the node is never ready");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Makes a change.
    pub(super) async fn change(&self, set: &str, act: &str, value: &str) -> Change {
        self.try_change(set, act, value).await.unwrap()
    }

    /// Makes a change on a node that may be killed, or that may refuse.
    pub(super) async fn try_change(
        &self,
        set: &str,
        act: &str,
        value: &str,
    ) -> Result<Change, String> {
        let path = format!("{set}/{act}");
        let answer = self.send(Method::POST, &path, "", value).await?;
        match answer.status {
            StatusCode::OK => Ok(serde_json::from_str(&answer.text).unwrap()),
            status => Err(format!("{status}: {}", answer.text)),
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        cookie: &str,
        body: &str,
    ) -> Result<Answer, String> {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}/{path}", self.address))
            .header(header::USER_AGENT, BROWSER)
            .header(header::COOKIE, cookie);
        let request = request.body(Full::new(Bytes::copy_from_slice(body.as_bytes())));
        let response = self.client.request(request.unwrap()).await;
        let (head, body) = response.map_err(|error| error.to_string())?.into_parts();
        let bytes = body.collect().await.map_err(|error| error.to_string())?;
        let text = String::from_utf8(bytes.to_bytes().to_vec()).unwrap();
        let time = |name: HeaderName| head.headers[name].to_str().unwrap().parse().unwrap();
        Ok(Answer {
            status: head.status,
            text,
            began: time(BEGAN),
            ended: time(ENDED),
        })
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Starts this binary as another process.
fn spawn(settings: &Settings) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args([
            "control::nodes::node::serve",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env(SETTINGS, serde_json::to_string(settings).unwrap())
        .env("TRACKS_OFF", &settings.off)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command.spawn().unwrap()
}
