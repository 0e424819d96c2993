//! Changes that were made before, so that the pages have something to show.

use std::time::Duration;

use tower_tracks::{
    control::{Act, ChangeLog, Draft, MemoryLog},
    store::{StoreError, Timestamp},
};

const HOUR: Duration = Duration::from_secs(3600);

/// Returns a log with an excluded span, a share without effect, and a change that waits for approval.
pub(crate) fn log(now: Timestamp) -> Result<MemoryLog, StoreError> {
    let log = MemoryLog::default();
    let from = now.minus(50 * HOUR);
    let until = from.plus(2 * HOUR);
    let outage = Act::Exclude { from, until };
    let first = Draft::new("pricing", 1, outage, "Bob", "the payment provider was down");
    let old = Act::Share {
        share: 0.25,
        over: 0.1,
    };
    let second = Draft::new("pricing", 1, old, "Bob", "no errors at <b>10%</b>");
    let raise = Act::Share {
        share: 0.05,
        over: 0.0,
    };
    let mut waits = Draft::new("gift", 1, raise, "Bob", "the page is ready");
    waits.needs_approval = true;
    for (draft, previous) in [(first, 0), (second, 1), (waits, 0)] {
        // The log is new, so nobody is faster.
        let _ = log.append(&draft, previous)?;
    }
    Ok(log)
}
