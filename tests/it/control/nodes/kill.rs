//! Nodes that are killed at any moment, as by `kill -9`.

use std::time::Duration;

use tokio::{join, runtime::Handle, task::block_in_place, time::sleep};
use tower_tracks::control::Change;

use super::{PAUSED, database::Database, delay, process::Node, watch::watch};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_survives_the_node_that_made_it_on_one_file() {
    a_pause_survives(&Database::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_survives_the_node_that_made_it_on_one_server() {
    if let Some(database) = Database::postgres() {
        a_pause_survives(&database).await;
    }
}

/// One node has a cache, and one has none.
async fn a_pause_survives(database: &Database) {
    let settings = database.soon(&delay());
    let cached = database.cached(&settings, "cache");
    let mut nodes = [settings, cached].map(Node::start);
    nodes[0].change("delay", "pause", "").await;
    nodes[0].kill();
    watch(&nodes[1..], "delay", PAUSED).await;
    for node in &mut nodes {
        node.restart();
        assert!(node.is_ready().await);
        assert_eq!(node.track("delay", "alice").await.text, PAUSED);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn confirmed_changes_survive_on_one_file() {
    confirmed_changes_survive(&Database::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn confirmed_changes_survive_on_one_server() {
    if let Some(database) = Database::postgres() {
        confirmed_changes_survive(&database).await;
    }
}

/// A change that was under way may be in the log or not, so only the confirmed ones are looked for.
async fn confirmed_changes_survive(database: &Database) {
    let mut node = Node::start(database.soon(&delay()));
    let mut confirmed = Vec::new();
    for kill in 1..=5 {
        confirmed.push(node.change("delay", "pause", "").await);
        let killed = async {
            sleep(Duration::from_millis(kill * 37)).await;
            node.kill();
        };
        let (changes, ()) = join!(pause_until_killed(&node), killed);
        confirmed.extend(changes);
        node.restart();
        assert_eq!(node.track("delay", "alice").await.text, PAUSED);
    }
    let log = database.log.open(&Handle::current());
    let kept = block_in_place(|| log.after(0)).unwrap().changes;
    assert!(confirmed.iter().all(|change| kept.contains(change)));
}

/// Returns the changes that were confirmed.
async fn pause_until_killed(node: &Node) -> Vec<Change> {
    let mut confirmed = Vec::new();
    loop {
        match node.try_change("delay", "pause", "").await {
            Ok(change) => confirmed.push(change),
            Err(error) => {
                assert!(!error.contains("409"), "{error}");
                return confirmed;
            }
        }
    }
}
