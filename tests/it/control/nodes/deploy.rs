//! A rolling deploy: two versions of a program with one log.

use std::slice;

use super::{
    ON, PAUSED,
    database::Database,
    node::{Set, Settings},
    process::Node,
    set,
    watch::{watch, watch_as},
};

const OUTSIDE: &str = "delay (outside-share)";

/// The share in the code of each version.
const OLD: f64 = 0.5;
const NEW: f64 = 0.6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_share_belongs_to_the_version_that_made_it_and_a_safety_to_all() {
    let database = Database::sqlite();
    let old = Node::start(version(&database, OLD, 1));
    let key = between(1, NEW, 0.75);
    old.change("delay", "share", "0.75").await;
    watch_as(&key, slice::from_ref(&old), "delay", ON).await;

    let nodes = [old, Node::start(version(&database, NEW, 1))];
    shares_are_of_one_version(&nodes, &key).await;
    pauses_and_endings_are_of_both(&nodes).await;

    let next = Node::start(version(&database, NEW, 2));
    assert_eq!(next.state("delay").await, "Code, closed: false, void: []");
    let outside = between(2, NEW, 1.0);
    assert_eq!(next.track("delay", &outside).await.text, OUTSIDE);
}

async fn shares_are_of_one_version(nodes: &[Node; 2], raised: &str) {
    let [old, new] = nodes;
    assert_eq!(new.track("delay", raised).await.text, OUTSIDE);
    assert_eq!(
        new.state("delay").await,
        "Code, closed: false, void: [(1, OtherShare)]"
    );
    let later = between(1, 0.75, 0.9);
    new.change("delay", "share", "0.9").await;
    watch_as(&later, slice::from_ref(new), "delay", ON).await;
    // By now the old version knows the change, too.
    assert_eq!(
        old.state("delay").await,
        "Share(0.75), closed: false, void: [(2, OtherShare)]"
    );
    assert_eq!(old.track("delay", &later).await.text, OUTSIDE);
    assert_eq!(old.track("delay", raised).await.text, ON);
}

async fn pauses_and_endings_are_of_both(nodes: &[Node; 2]) {
    let [old, new] = nodes;
    let (enrolled, last) = (between(1, 0.0, OLD), between(1, 0.9, 1.0));
    new.change("delay", "pause", "").await;
    watch(nodes, "delay", PAUSED).await;
    old.change("delay", "resume", "").await;
    watch_as(&enrolled, nodes, "delay", ON).await;
    old.change("delay", "close", "").await;
    new.change("delay", "ship", "on").await;
    watch_as(&last, nodes, "delay", ON).await;
    for node in nodes {
        let state = node.state("delay").await;
        assert!(state.starts_with("Shipped(0), closed: true"), "{state}");
    }
}

fn version(database: &Database, share: f64, phase: u32) -> Settings {
    database.soon(&[delay(share, phase)])
}

fn delay(share: f64, phase: u32) -> Set {
    Set {
        phase,
        ..set("delay", share)
    }
}

/// Returns a key that a raise from one share to another enrols in a phase.
fn between(phase: u32, lower: f64, higher: f64) -> String {
    let is_in = |share: f64, key: &str| {
        let set = delay(share, phase).build();
        set.assign(key, &()).to_string() == ON
    };
    let mut keys = (0..1000).map(|number| format!("key-{number}"));
    let found = keys.find(|key| !is_in(lower, key) && is_in(higher, key));
    found.unwrap()
}
