//! A server of the log that crashes. The second server of `.ci/postgres` is one that a test may crash.

use std::{process, time::Duration};

use tokio::{task::block_in_place, time::sleep};

use super::{ON, PAUSED, database::Database, delay, node::Settings, process::Node, watch::watch};
use crate::record::postgres::server::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_of_the_server_loses_no_change_and_resumes_nothing() {
    let Some(server) = block_in_place(Server::start) else {
        return;
    };
    let schema = format!("crash_{}", process::id());
    let database = Database::of(&server.uri, &schema);
    let mut nodes = start(&database);
    nodes[0].change("delay", "pause", "").await;
    watch(&nodes, "delay", PAUSED).await;

    block_in_place(|| server.crash());
    stay_paused(&nodes).await;
    refuse_a_change(&nodes).await;
    block_in_place(|| nodes.iter_mut().for_each(Node::restart));
    begin_without_the_server(&nodes).await;

    block_in_place(|| server.start_again());
    for node in &nodes {
        node.wait_until_ready().await;
        assert_eq!(node.track("delay", "alice").await.text, PAUSED);
    }
    nodes[0].change("delay", "resume", "").await;
    watch(&nodes, "delay", ON).await;
}

/// Starts a node without a cache, one with a cache, and one that starts paused.
fn start(database: &Database) -> [Node; 3] {
    let settings = database.soon(&delay());
    let cached = database.cached(&settings, "cache");
    let careful = Settings {
        starts_paused: true,
        ..settings.clone()
    };
    [settings, cached, careful].map(Node::start)
}

/// For longer than a connection is waited for.
async fn stay_paused(nodes: &[Node]) {
    for _ in 0..30 {
        for node in nodes {
            assert_eq!(node.track("delay", "alice").await.text, PAUSED);
        }
        sleep(Duration::from_millis(100)).await;
    }
}

async fn refuse_a_change(nodes: &[Node]) {
    let refused = nodes[1].try_change("delay", "resume", "").await;
    assert_eq!(
        refused.unwrap_err(),
        "409 Conflict: the log of changes failed"
    );
    assert_eq!(nodes[1].track("delay", "alice").await.text, PAUSED);
}

/// Without a cache, only the code is known; see [`Settings::starts_paused`].
async fn begin_without_the_server(nodes: &[Node]) {
    for (node, text) in nodes.iter().zip([ON, PAUSED, PAUSED]) {
        assert!(!node.is_ready().await);
        assert_eq!(node.track("delay", "alice").await.text, text);
    }
}
