//! The thread that reads the log. It ends with the controls, and waits for nothing else.

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

/// The thread, which ends when this is dropped.
#[derive(Debug)]
pub(super) struct Poller {
    _end: Sender<()>,
}

impl Poller {
    pub(super) fn start(shared: Weak<Shared>, every: Duration) -> io::Result<Self> {
        let (end, ended) = channel();
        let poll = move || {
            let mut wait = spread(every);
            while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(wait) {
                let Some(shared) = shared.upgrade() else {
                    break;
                };
                shared.refresh();
                // A step of a ramp is on time, not one interval late.
                wait = spread(every).min(shared.until_next().unwrap_or(every));
            }
        };
        thread::Builder::new()
            .name("tracks-controls".to_owned())
            .spawn(poll)?;
        Ok(Self { _end: end })
    }
}

/// Returns an interval from 90% to 100% of its length, at random, so that the nodes of a service do not
/// read all at once.
fn spread(every: Duration) -> Duration {
    let random = getrandom::u32().unwrap_or(u32::MAX);
    every.mul_f64(0.9 + 0.1 * f64::from(random) / f64::from(u32::MAX))
}
