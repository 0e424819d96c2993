//! Stores for recorded facts, which reports read.
//!
//! A *unit* stands for a key, such as that of a visitor. A [`Store`] has the first exposure of each unit to
//! each track, each conversion, and the definitions and plans that were in force. [`Memory`] is the
//! reference for all stores and keeps facts in memory. `Sqlite` keeps them in a file, and `Postgres` in a
//! database for several machines. A recorder writes into a store; a report, the dashboard and the command
//! line read it.
//!
//! ```
//! use tower_tracks::{
//!     Key, Units,
//!     store::{Memory, Store},
//! };
//!
//! let store = Memory::default();
//! let units = Units::pseudonym("sixteen random bytes, or more")?;
//! assert_eq!(store.phases()?.len(), 0);
//!
//! // Every fact of one unit, however many there are.
//! let unit = units.unit("visitor", &Key::from("alice"));
//! assert!(store.history(unit)?.exposures.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Repeated writes
//!
//! A [`Batch`] of facts can be written several times, in any order and by several programs. A store keeps
//! only the earliest exposure of a unit to a track. It keeps only one conversion with the same goal, unit
//! and id. So a write can be repeated if it is not known whether it succeeded, and [`Store::merge`] adds
//! the facts of another store.
//!
//! # Errors
//!
//! A [`StoreError`] has a [kind](StoreErrorKind), which decides whether a later attempt may succeed.
//!
//! # Which store
//!
//! store | where facts are | use it for
//! --- | --- | ---
//! [`Memory`] | in the program, until it ends | tests, and trying out a set-up
//! `Sqlite` (feature `sqlite`) | in one file on a local disk | programs on one machine
//! `Postgres` (feature `postgres`) | in a schema of a database | programs on several machines
//!
//! All stores have the same rules, so the same facts give the same report. A program can begin with one
//! store, and later [`merge`](Store::merge) the facts into another store.
//!
//! # What a store has
//!
//! facts | row | unique by | of duplicates, it keeps
//! --- | --- | --- | ---
//! first exposures | [`ExposureRow`] | unit and track | the earliest
//! conversions | [`ConversionRow`] | goal, unit and id | the earliest, then the smallest value
//! visitors and users | [`AliasRow`] | visitor and user | the earliest
//! definitions | [`DefinitionRow`] | phase and fingerprint | the earliest
//! plans | [`PlanRow`] | phase, time and JSON | one; they are equal
//! sums over requests | [`SumRow`] | track, bucket and writer | the larger numbers
//! durations of requests | [`LatencyRow`] | track, group, bin and writer | the larger number
//! lost events | [`LossRow`] | writer, sink, reason, track or goal | the larger number
//! erasures | [`ErasedRow`] | unit | the latest
//! keys, if units are raw | [`RawUnitRow`] | unit | the last
//! events set aside | [`AsideRow`] | all fields | one; they are equal
//!
//! A store contains no requests, addresses or user agents. A unit is a pseudonym, unless the application
//! sets [raw units](crate::Units::raw).
//!
//! # Counting
//!
//! A report queries the store with a [`Question`], and computes statistics from the returned
//! [`Attribution`]. Your own program can do the same:
//!
//! ```
//! use tower_tracks::store::{Attribute, AskedGoal, Measure, Memory, Question, Store, Timestamp};
//!
//! # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
//! # use tower_tracks::{Goal, unit::Unit};
//! # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
//! # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
//! # let mut batch = Batch::default();
//! # let writer = batch.writer(&WriterRow::new([7; 16], at));
//! # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
//! # let track = batch.track(&track);
//! # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
//! # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
//! # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
//! # let store = Memory::default();
//! # store.write(&batch)?;
//! let bought = AskedGoal::new(Goal::new("bought")?, Measure::Rate);
//! let question = Question::new(phase, Timestamp::now()).goal(bought);
//! let attribution = store.attribute(&question)?.expect("the phase is known");
//!
//! for (cohort, units) in &attribution.units {
//!     let cell = attribution.goals[0].cells[cohort].all()?;
//!     println!("{}: {} of {units} units bought", cohort.track, cell.converters);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Privacy
//!
//! [`Store::history`] returns all facts of a unit, and [`Store::erase`] deletes them.
//! [`Store::retain`] deletes the facts of phases that have ended.
//!
//! ```
//! use tower_tracks::store::{ErasedRow, Memory, Store, Timestamp};
//!
//! # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
//! # use tower_tracks::{Goal, unit::Unit};
//! # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
//! # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
//! # let mut batch = Batch::default();
//! # let writer = batch.writer(&WriterRow::new([7; 16], at));
//! # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
//! # let track = batch.track(&track);
//! # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
//! # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
//! # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
//! # let store = Memory::default();
//! # store.write(&batch)?;
//! assert_eq!(store.history(unit)?.exposures.len(), 1);
//! store.erase(ErasedRow::new(unit, Timestamp::now()))?;
//! assert!(store.history(unit)?.exposures.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attribution;
mod calendar;
mod catalog;
mod claim;
#[cfg(feature = "clickhouse")]
mod clickhouse;
#[cfg(feature = "test-util")]
pub mod conformance;
mod error;
pub(crate) mod facts;
mod kinds;
#[cfg(all(feature = "control", any(feature = "postgres", feature = "sqlite")))]
mod log_rows;
mod lost_reason;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
mod promises;
mod renames;
mod serialized;
mod shared;
#[cfg(any(feature = "clickhouse", feature = "postgres", feature = "sqlite"))]
#[cfg_attr(
    not(any(feature = "postgres", feature = "sqlite")),
    allow(dead_code, reason = "ClickHouse has statements of its own")
)]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod summaries;
mod timestamp;
mod written;

#[cfg(all(feature = "control", any(feature = "postgres", feature = "sqlite")))]
pub(crate) use self::log_rows::{AppendedLogRow, LogRow, LogRows, NewLogRow};
pub use crate::i256::I256;

#[cfg(feature = "clickhouse")]
pub use self::clickhouse::{ClickHouse, ClickHouseBuilder};
#[cfg(any(feature = "files", feature = "record"))]
pub(crate) use self::kinds::Kinds;
#[cfg(any(feature = "files", feature = "record"))]
pub(crate) use self::kinds::sentence;
#[cfg(feature = "postgres")]
pub use self::postgres::{Postgres, PostgresBuilder};
#[cfg(feature = "report")]
pub(crate) use self::renames::WholePhase;
#[cfg(feature = "sqlite")]
pub use self::sqlite::Sqlite;
#[cfg(feature = "cli")]
pub(crate) use self::store::merge;
pub use self::{
    catalog::{
        BusiestSecond, Definition, History, InvalidRows, Loss, Overlap, Phase, PlanEntry, Readout,
    },
    error::{StoreError, StoreErrorKind},
    lost_reason::LostReason,
    memory::Memory,
    promises::Promises,
    store::Store,
    summaries::Summaries,
    written::{Rows, Written},
};

#[cfg(feature = "report")]
pub(crate) use self::catalog::LatencyCounts;
pub use self::{
    attribution::{
        AskedGoal, Attribute, AttributedGoal, Attribution, Cell, Cohort, GoalCells, Measure,
        Question, ServedDefinition, Sizes,
    },
    calendar::Calendar,
    facts::{
        AliasRow, AsideRow, Batch, ConversionRow, DefinitionName, DefinitionRow, ErasedRow,
        ExposureRow, LatencyRow, LossRow, PhaseName, PlanRow, RawUnitRow, RequestSums, SumRow,
        TrackName, WriterRow,
    },
    timestamp::Timestamp,
};
