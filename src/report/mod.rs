//! What a store knows of its sets, as one report.
//!
//! A [`Reporter`] reads a store and makes a [`Report`]: for each phase of each set whether the
//! numbers can be trusted, what was found of each goal in each track, and what the requests say
//! by themselves. It is plain data: serialised by serde, written as [text](Report::to_text) for
//! terminals and as [CSV](Report::to_csv).
//!
//! ```
//! use tower_tracks::{record::{Memory, Timestamp}, report::Reporter};
//!
//! let store = Memory::default(); // … into which a recorder writes …
//! let report = Reporter::new(&store, Timestamp::now()).compute()?;
//! println!("{}", report.to_text());
//! # Ok::<(), tower_tracks::record::StoreError>(())
//! ```
//!
//! In the background, [`refresh`](Reporter::refresh) computes the report and stores it; whoever
//! shows it reads what was [stored](Reporter::stored), which costs next to nothing, and says of
//! when it is.
//!
//! # What a set is to find out
//!
//! That is the set's [`Plan`](crate::Plan). Without one, all goals that the store knows are taken,
//! as rates: one alone is the primary one, several are exploratory. Where a plan says after how
//! many units the decision is made, the goals are read for good when there are so many, and the
//! report shows that reading from then on: to look again would be another test.
//!
//! # What comes before the goals
//!
//! The tracks have to have the units that their weights say, by the definition that came last into
//! force. Where they do not, the goals are *covered*: counts are told, comparisons are not. Then
//! come units where none can be, and units that met several tracks. The order is that of
//! [`stats::Verdict`](crate::stats::Verdict).
//!
//! # What requests say by themselves
//!
//! Errors, aborts and durations of the requests that read a track are guardrails without any code.
//! They are summed in buckets of units, so that the requests of one unit are not taken for many.
//! They are of all requests up to now, whatever the time of the report; units that met several
//! tracks are in them, and units that were erased cannot be subtracted.
//!
//! Without a store, [`Report::of`] makes the same of [`PhaseFacts`].

mod compute;
mod facts;
mod model;
mod plan;
mod reporter;
mod write;

#[cfg(feature = "dashboard")]
pub(crate) use self::write::{count, percent, quoted, signed_percent, text};
pub use self::{facts::PhaseFacts, model::*, plan::StatedPlan, reporter::Reporter};
