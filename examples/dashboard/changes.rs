//! Changes of today, so that the pages of a running test have something to show.

use std::time::Duration;

use tower_tracks::{
    control::{Act, ChangeLog, Draft},
    store::{StoreError, Timestamp},
};

const HOUR: Duration = Duration::from_secs(3600);

/// Adds an excluded span, a share without effect, and a change that waits for approval.
pub(crate) fn add(log: &dyn ChangeLog, now: Timestamp) -> Result<(), StoreError> {
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
    for draft in [first, second, waits] {
        let changes = log.after(0)?.changes;
        let latest = changes.iter().rfind(|change| change.set == draft.set);
        // The log has no other writer yet, so there is no conflict.
        let _ = log.append(&draft, latest.map_or(0, |change| change.number))?;
    }
    Ok(())
}
