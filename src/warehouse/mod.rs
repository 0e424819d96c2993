//! Lets a data warehouse compute the numbers of a report.
//!
//! A report needs sums by track, day and a few other things: a few thousand rows, however many units there are.
//! These rows are *cells*. A store computes them itself. If one database is not enough, let the engine of a data
//! warehouse compute them, from the same facts:
//!
//! 1. [`sql`] writes the query of a report, the *question*, as one statement in the [`Dialect`] of the engine. The
//!    command `tracks sql` prints it.
//! 2. The engine runs it over its tables `exposure`, `conversion`, `alias` and `erasure`, and writes the result
//!    as CSV with a header.
//! 3. [`Cells`] reads this file. Pass it to
//!    [`Reporter::attribute_by`](crate::report::Reporter::attribute_by) or to `Dashboard::attribute_by`.
//!
//! All numbers of units and conversions are those that a store would have computed. The guide `warehouse` shows the
//! steps, and lists the notices that such a report lacks.
//!
//! # The tables
//!
//! The columns have the names and the values of the [JSON lines](crate::record::JsonLines). Further columns do no
//! harm. Repeated rows count once.
//!
//! table | columns
//! --- | ---
//! `exposure` | `set`, `phase`, `kind`, `track`, `unit`, `at`, `coin`, `definition`, `segment`
//! `conversion` | `goal`, `unit`, `id`, `at`, `value`
//! `alias` | `visitor`, `user`, `at`
//! `erasure` | `unit`, `at`
//!
//! `phase`, `at` and `value` are whole numbers of 64 bits, `coin` is a boolean that may be null, and all
//! others are texts. `definition` and `segment` may be null, and `segment`
//! is compared by its bytes. The facts of a unit up to its erasure do not count. A table
//! without rows has to exist, too.
//!
//! # What is checked
//!
//! The file is refused, with a reason, if
//!
//! * the goals, their windows, the time zone, the names of the set, or the changes of the running test (such as a
//!   close) differ from those in the printed statement;
//! * an exposure has a track that the store did not know when the statement was printed;
//! * numbers contradict each other, or a column or a row is missing;
//! * sums could have exceeded 38 digits. Some engines do not notice that.
//!
//! ```
//! use tower_tracks::{
//!     store::{Attribute, PhaseName, Question, Timestamp},
//!     warehouse::Cells,
//! };
//!
//! let cells = Cells::at("cells.csv");
//! let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
//! let error = cells.attribute(&Question::new(phase, Timestamp::now())).unwrap_err();
//! assert!(error.to_string().starts_with("the cells in cells.csv"));
//! ```

mod asked;
mod cells;
mod columns;
mod dialect;
mod error;
mod exposed;
mod line;
mod sql;
mod tallied;

pub use self::{cells::Cells, dialect::Dialect, error::WarehouseError, sql::sql};
