//! When nodes begin to answer something else, by their own times.
//!
//! A limit is broken if a request that began after it got the old answer. A machine that is too busy to
//! ask in time proves nothing, and fails no test.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::process::{Node, PATIENCE};

/// The interval at which each node gets a request.
const EVERY: Duration = Duration::from_millis(5);

/// The last request with another answer, and the first with the one that is waited for, in microseconds
/// since 1970.
#[derive(Debug, Clone, Copy)]
struct Switch {
    old: Option<i64>,
    new: i64,
}

/// The switches of all nodes.
#[derive(Debug)]
pub(super) struct Switches(Vec<Switch>);

/// Asks all nodes as Alice until each has answered with this text.
pub(super) async fn watch(nodes: &[Node], set: &str, text: &str) -> Switches {
    watch_as("alice", nodes, set, text).await
}

/// Asks all nodes with a key until each has answered with this text.
pub(super) async fn watch_as(key: &str, nodes: &[Node], set: &str, text: &str) -> Switches {
    let switches = nodes.iter().map(|node| switch(key, node, set, text));
    Switches(join_all(switches).await)
}

async fn switch(key: &str, node: &Node, set: &str, text: &str) -> Switch {
    let (mut old, deadline) = (None, Instant::now() + PATIENCE);
    loop {
        let answer = node.track(set, key).await;
        if answer.text == text {
            let new = answer.ended;
            return Switch { old, new };
        }
        assert!(Instant::now() < deadline, "{text:?} never came: {answer:?}");
        old = Some(answer.began);
        tokio::time::sleep(EVERY).await;
    }
}

impl Switches {
    /// Returns how long after a time the last node had switched.
    pub(super) fn longest(&self, since: i64) -> Duration {
        after(since, self.last())
    }

    /// Returns how long after a time the last old answer was asked for.
    pub(super) fn oldest(&self, since: i64) -> Duration {
        let old = self.0.iter().filter_map(|switch| switch.old);
        after(since, old.max().unwrap_or(since))
    }

    /// Returns how long after the first node the last one had switched.
    pub(super) fn spread(&self) -> Duration {
        self.longest(self.first())
    }

    /// Returns for how long one node surely gave the old answer while another gave the new one.
    pub(super) fn disagreement(&self) -> Duration {
        self.oldest(self.first())
    }

    /// Returns when the first node had switched.
    pub(super) fn first(&self) -> i64 {
        let new = self.0.iter().map(|switch| switch.new);
        new.min().unwrap()
    }

    fn last(&self) -> i64 {
        let new = self.0.iter().map(|switch| switch.new);
        new.max().unwrap()
    }
}

fn after(since: i64, time: i64) -> Duration {
    Duration::from_micros(u64::try_from(time - since).unwrap_or_default())
}
