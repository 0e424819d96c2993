//! The threads that read the log and that follow the clock. They end with the controls, and wait for nothing
//! else.

use std::{
    io,
    sync::{
        Weak,
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};

use super::shared::Shared;

/// The threads, which end when this is dropped.
#[derive(Debug)]
pub(super) struct Poller {
    _ends: [Sender<()>; 2],
}

impl Poller {
    pub(super) fn start(shared: &Weak<Shared>, every: Duration) -> io::Result<Self> {
        let read = move |shared: &Shared| {
            shared.refresh();
            spread(every)
        };
        // A read may take long. Nevertheless a change comes into force on all nodes at one time. It is made
        // more than two intervals before, and known after one.
        let tick = move |shared: &Shared| shared.tick().map_or(every, |next| next.min(every));
        let reader = repeat("tracks-controls", shared.clone(), spread(every), read)?;
        let clock = repeat("tracks-clock", shared.clone(), Duration::ZERO, tick)?;
        Ok(Self {
            _ends: [reader, clock],
        })
    }
}

/// Starts a thread that waits, and does something that returns the next wait, until the sender is dropped.
fn repeat(
    name: &str,
    shared: Weak<Shared>,
    first: Duration,
    step: impl Fn(&Shared) -> Duration + Send + 'static,
) -> io::Result<Sender<()>> {
    let (end, ended) = channel();
    let run = move || {
        let mut wait = first;
        while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(wait) {
            let Some(shared) = shared.upgrade() else {
                break;
            };
            wait = step(&shared);
        }
    };
    thread::Builder::new().name(name.to_owned()).spawn(run)?;
    Ok(end)
}

/// Returns an interval from 90% to 100% of its length, at random, so that the nodes of a service do not
/// read all at once.
fn spread(every: Duration) -> Duration {
    let random = getrandom::u32().unwrap_or(u32::MAX);
    every.mul_f64(0.9 + 0.1 * f64::from(random) / f64::from(u32::MAX))
}
