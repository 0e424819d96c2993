//! Computes one report from the facts of a store.
//!
//! A [`Reporter`] reads a store and returns a [`Report`]. For each phase of each set, it has whether
//! the numbers can be trusted, how each track compares with control on each goal, and how the requests
//! performed. It is plain data: serde writes and reads it, [`to_text`](Report::to_text) writes it for
//! terminals, and [`to_csv`](Report::to_csv) for spreadsheets.
//!
//! ```
//! use tower_tracks::{report::Reporter, store::{Memory, Timestamp}};
//!
//! let store = Memory::default(); // … into which a recorder writes …
//! let report = Reporter::new(&store, Timestamp::now()).compute()?;
//! println!("{}", report.to_text());
//! # Ok::<(), tower_tracks::store::StoreError>(())
//! ```
//!
//! The command line (`tracks report`) and the dashboard show the same reports.
//!
//! # In a server
//!
//! A computation reads every unit of every phase, so it belongs on a thread of its own, every minute or
//! so. [`refresh`](Reporter::refresh) computes the report and stores it. A page reads the
//! [stored](Reporter::stored) report, which is cheap, and shows its time. The dashboard does both.
//!
//! ```no_run
//! use std::{thread, time::Duration};
//!
//! use tower_tracks::{
//!     report::Reporter,
//!     store::{Sqlite, Timestamp},
//! };
//!
//! # fn main() -> Result<(), tower_tracks::store::StoreError> {
//! let store = Sqlite::open("tracks.sqlite")?;
//! thread::spawn(move || loop {
//!     if let Err(error) = Reporter::new(&store, Timestamp::now()).refresh() {
//!         eprintln!("no report: {error}");
//!     }
//!     thread::sleep(Duration::from_secs(60));
//! });
//! # Ok(())
//! # }
//! ```
//!
//! # Reading a report in a program
//!
//! Read [`covered`](PhaseReport::covered) first: if it is set, the comparisons are hidden. Then read
//! the [notices](PhaseReport::notices) that block, and then the verdicts. A value that cannot be
//! computed is an [`Answer`] with the reason, so a program never mistakes a missing value for zero.
//!
//! ```
//! use tower_tracks::report::{Report, VerdictKind};
//!
//! /// Returns the sets with a better track that is ready to be rolled out.
//! fn ready(report: &Report) -> Vec<String> {
//!     let phases = report.phases.iter().filter(|phase| {
//!         let goal = phase.primary().filter(|goal| goal.is_decided());
//!         let mut tracks = goal.into_iter().flat_map(|goal| &goal.tracks);
//!         let is_better = tracks.any(|track| {
//!             let verdict = track.verdict.as_ref();
//!             verdict.is_some_and(|verdict| verdict.kind == VerdictKind::Better)
//!         });
//!         let is_doubtful = phase.notices.iter().any(|notice| notice.blocks);
//!         is_better && !is_doubtful && phase.worse_guardrails().next().is_none()
//!     });
//!     phases.map(|phase| phase.name()).collect()
//! }
//! assert!(ready(&Report::default()).is_empty());
//! ```
//!
//! In JSON, names are in kebab case, and times are those of [`Utc`]. A stored report of another version
//! of this crate that cannot be read is in [`Report::unread`].
//!
//! # The goals
//!
//! The goals are those of the set's [`Plan`](crate::Plan). Without one, all goals of the store are
//! taken, as rates: a single one is the primary goal, several are exploratory.
//!
//! # The units of a verdict
//!
//! A unit is *closed* when its window has ended. Verdicts are about closed units. All units *so far*
//! stand beside them, and a track that is worse so far raises an alarm.
//!
//! If a plan has a number of units, the primary goal is read at each midnight at which more units are
//! closed than before: the first difference beyond that look's boundary decides, or the first look with
//! all planned units. Every reader finds the same decision in the same facts, and nothing has to be
//! stored for that. Guardrails are never decided: they are compared as long as the set runs.
//!
//! # The checks before the goals
//!
//! The numbers of units must agree with the weights of the tracks, for each definition with its own
//! weights. If they do not, the goals are *covered*: counts are shown, comparisons are not. The next
//! checks are about units in tracks that never had a weight, weights that changed within the phase, and
//! converters that were exposed to several tracks. The order is that of
//! [`stats::Verdict`](crate::stats::Verdict).
//!
//! # Requests
//!
//! Errors, aborts and durations of the requests that read a track are guardrails that need no code.
//! They are summed in buckets of units, so that the requests of one unit are not taken for independent
//! ones. They cover all requests up to now, also if the report is of an earlier time. They include
//! units that were exposed to several tracks, and erased units cannot be subtracted.
//!
//! # Without a store
//!
//! [`Report::of`] computes a report from [`PhaseFacts`], for facts from another source.

mod caps;
mod compute;
mod facts;
mod history;
mod interactions;
mod isolated;
mod model;
mod plan;
mod plan_log;
mod records;
mod reporter;
mod time_zone;
mod total;
mod whole;
mod words;

#[cfg(feature = "dashboard")]
pub(crate) use self::model::discovery_rates;
#[cfg(feature = "dashboard")]
pub(crate) use self::total::total;
#[cfg(feature = "dashboard")]
pub(crate) use self::words::{LOOK_NOW, phases_to_csv};
pub use self::{
    facts::PhaseFacts, history::ChangeHistory, model::*, plan::StatedPlan, reporter::Reporter,
};
