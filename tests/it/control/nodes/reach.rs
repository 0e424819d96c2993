//! How soon a change reaches the requests of all nodes, with the interval of the crate.
//!
//! Three pauses and one raise in every run; `TRACKS_TRIES=100` is the long one, with a raise after each
//! twenty pauses.

use std::{env, time::Duration};

use super::{
    STOPS_WITHIN, SWITCHES_WITHIN,
    database::Database,
    node::Set,
    process::Node,
    set,
    watch::{Switches, watch},
};

/// So many that a resume has come into force when its set has its turn again.
const SETS: usize = 6;

const RAISED: &str = "raised";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_reach_four_nodes_on_one_file() {
    reach("SQLite", &Database::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_reach_four_nodes_on_one_server() {
    if let Some(database) = Database::postgres() {
        reach("PostgreSQL", &database).await;
    }
}

async fn reach(name: &str, database: &Database) {
    let tries = env::var("TRACKS_TRIES").map_or(3, |tries| tries.parse().unwrap());
    let settings = database.settings(&sets());
    let nodes = [(); 4].map(|()| Node::start(settings.clone()));
    let [mut paused, mut raised, mut lowered] = [Duration::ZERO; 3];
    for number in 0..tries {
        longest(&mut paused, pause(&nodes, number).await);
        if number % 20 == 0 {
            longest(&mut raised, raise(&nodes).await);
            longest(&mut lowered, lower(&nodes).await);
        }
    }
    println!(
        "four nodes on {name}, {tries} pauses: paused after at most {paused:?}, raised within {raised:?} of \
         each other, lowered after at most {lowered:?}"
    );
}

fn longest(longest: &mut Duration, duration: Duration) {
    *longest = duration.max(*longest);
}

fn sets() -> Vec<Set> {
    let paused = (0..SETS).map(|index| set(&name(index), 1.0));
    paused.chain([set(RAISED, 0.0)]).collect()
}

fn name(number: usize) -> String {
    format!("delay{}", number % SETS)
}

/// Pauses a set on one node, and resumes it on the next.
async fn pause(nodes: &[Node; 4], number: usize) -> Duration {
    let set = name(number);
    watch(nodes, &set, &format!("{set}/on")).await;
    let pause = nodes[number % 4].change(&set, "pause", "").await;
    let switches = watch(nodes, &set, &format!("{set} (paused)")).await;
    let longest = stopped(&switches, pause.at.as_micros());
    nodes[(number + 1) % 4].change(&set, "resume", "").await;
    longest
}

async fn raise(nodes: &[Node; 4]) -> Duration {
    let raise = nodes[1].change(RAISED, "share", "1").await;
    let switches = watch(nodes, RAISED, &format!("{RAISED}/on")).await;
    let begins = raise.effective_at.as_micros();
    assert!(switches.first() >= begins, "{switches:?} before {begins}");
    assert!(switches.disagreement() <= SWITCHES_WITHIN, "{switches:?}");
    switches.spread()
}

async fn lower(nodes: &[Node; 4]) -> Duration {
    let lowered = nodes[2].change(RAISED, "share", "0").await;
    let switches = watch(nodes, RAISED, &format!("{RAISED} (outside-share)")).await;
    stopped(&switches, lowered.at.as_micros())
}

fn stopped(switches: &Switches, since: i64) -> Duration {
    let oldest = switches.oldest(since);
    assert!(oldest <= STOPS_WITHIN, "{switches:?} since {since}");
    switches.longest(since)
}
