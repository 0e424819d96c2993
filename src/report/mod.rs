//! What a store knows of its sets, as one report.
//!
//! A [`Reporter`] reads a store and makes a [`Report`]: for each phase of each set whether the
//! numbers can be trusted, what was found of each goal in each track, and what the requests say
//! by themselves. It is plain data: serialised by serde, written as [text](Report::to_text) for
//! terminals and as [CSV](Report::to_csv).
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
//! In the background, [`refresh`](Reporter::refresh) computes the report and stores it. A page reads the
//! [stored](Reporter::stored) report, which is cheap, and shows its time.
//!
//! # What a set is to find out
//!
//! That is the set's [`Plan`](crate::Plan). Without one, all goals that the store knows are taken,
//! as rates: one alone is the primary one, several are exploratory.
//!
//! # Which units a verdict is of
//!
//! A unit is *closed* when its window is over. Verdicts are of closed units; all units *so far* stand
//! beside them, and a track that is worse so far raises an alarm. Where a plan says with how many
//! units the test ends, the primary goal is read at each midnight at which more units are closed
//! than before: the first difference beyond that look's boundary decides, or the first look with all
//! planned units. Every reader finds the same decision in the same facts, and nothing has to be
//! stored for that. Guardrails are never decided: they go on.
//!
//! # What comes before the goals
//!
//! The tracks have to have the units that their weights say, for each definition by its own weights.
//! Where they do not, the goals are *covered*: counts are shown, comparisons are not. Then come units
//! in tracks that never had a weight, weights that changed within the phase, and converters that were
//! exposed to several tracks. The order is that of [`stats::Verdict`](crate::stats::Verdict).
//!
//! # What requests say by themselves
//!
//! Errors, aborts and durations of the requests that read a track are guardrails without any code.
//! They are summed in buckets of units, so that the requests of one unit are not taken for many.
//! They cover all requests up to now, whatever the time of the report. They include units that were exposed
//! to several tracks, and erased units cannot be subtracted.
//!
//! Without a store, [`Report::of`] makes the same of [`PhaseFacts`].

mod compute;
mod facts;
mod isolated;
mod model;
mod plan;
mod plan_log;
mod reporter;
mod time_zone;
mod total;
mod words;

#[cfg(feature = "dashboard")]
pub(crate) use self::total::total;
#[cfg(feature = "dashboard")]
pub(crate) use self::words::{LOOK_NOW, phases_to_csv};
pub use self::{facts::PhaseFacts, model::*, plan::StatedPlan, reporter::Reporter};
