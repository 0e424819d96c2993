//! Over real connections: clients that leave, and those that switch protocols.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, extract::WebSocketUpgrade, response::Response, routing::get as on_get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tower_tracks::{Assignment, Exposure, event::Outcome};

use crate::support::{Observed, always, layer};

async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn connect(address: SocketAddr, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("{head}\r\nHost: shop.example\r\nUser-Agent: x\r\nCookie: id=alice\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// Waits for an event, and then a little for further ones.
async fn told(observed: &Observed) -> Vec<Exposure> {
    let mut told = Vec::new();
    let wait = async {
        while told.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
            told.extend(observed.take());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        told.extend(observed.take());
    };
    timeout(Duration::from_secs(10), wait)
        .await
        .expect("no exposure was reported");
    told
}

#[tokio::test]
async fn a_disconnect_during_the_delay_is_recorded_once_as_cancelled() {
    let observed = Observed::default();
    let (reading, mut read) = tokio::sync::mpsc::channel(1);
    let handler = async move |assignment: Assignment| {
        assignment.track();
        reading.send(()).await.unwrap();
        tokio::time::sleep(Duration::from_secs(10)).await;
    };
    let layer = layer(always("delay")).observe(observed.clone());
    let address = serve(Router::new().route("/", on_get(handler)).layer(layer)).await;

    let stream = connect(address, "GET / HTTP/1.1").await;
    read.recv().await.unwrap();
    assert!(observed.take().is_empty(), "told before the end");
    drop(stream);
    let [exposure] = &told(&observed).await[..] else {
        panic!("one exposure")
    };
    assert_eq!(exposure.outcome(), Some(Outcome::Cancelled));
    assert!(exposure.duration().unwrap() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_panic_is_told_though_the_connection_dies_of_it() {
    let observed = Observed::default();
    let handler = async |assignment: Assignment| -> () {
        assignment.track();
        panic!("by the handler");
    };
    let layer = layer(always("delay")).observe(observed.clone());
    let address = serve(Router::new().route("/", on_get(handler)).layer(layer)).await;
    let mut stream = connect(address, "GET / HTTP/1.1").await;
    assert_eq!(
        stream
            .read_to_end(&mut Vec::new())
            .await
            .unwrap_or_default(),
        0
    );
    let [exposure] = &told(&observed).await[..] else {
        panic!("one exposure")
    };
    assert_eq!(exposure.outcome(), Some(Outcome::Panicked));
}

#[tokio::test]
async fn a_websocket_is_told_at_the_handshake() {
    let observed = Observed::default();
    let handler = async |assignment: Assignment, upgrade: WebSocketUpgrade| -> Response {
        assignment.track();
        upgrade.on_upgrade(async move |_| {
            // A second reading, long after the handshake, is the same exposure.
            assignment.track();
        })
    };
    let layer = layer(always("delay")).observe(observed.clone());
    let address = serve(Router::new().route("/", on_get(handler)).layer(layer)).await;
    let handshake = "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                     Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    let mut stream = connect(address, handshake).await;
    let mut head = vec![0; 1024];
    let length = stream.read(&mut head).await.unwrap();
    let head = String::from_utf8_lossy(&head[..length]).to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 101"), "{head}");
    assert!(head.contains("tracks-exposure: delay=on"), "{head}");
    let [exposure] = &told(&observed).await[..] else {
        panic!("one exposure")
    };
    assert_eq!(exposure.outcome(), Some(Outcome::Completed { status: 101 }));
}
