//! The nodes of a service, each a process of its own, with one log of changes.

mod crash;
mod database;
mod deploy;
mod kill;
mod node;
mod process;
mod reach;
mod start;
mod watch;

use std::time::Duration;

use self::node::Set;

const ON: &str = "delay/on";
const PAUSED: &str = "delay (paused)";

/// The limits that the guide names, for the interval of the crate.
const STOPS_WITHIN: Duration = Duration::from_secs(3);
const SWITCHES_WITHIN: Duration = Duration::from_secs(1);

fn set(name: &str, share: f64) -> Set {
    let name = name.to_owned();
    Set {
        name,
        share,
        phase: 1,
    }
}

fn delay() -> [Set; 1] {
    [set("delay", 1.0)]
}
