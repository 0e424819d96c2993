//! From two reports to alerts, and to pauses of sets that a track harms.
//!
//! The statistics are those of the reports. Whether something has begun, and whether two looks in a row show
//! harm, are pure functions of the report before and the report now (`harm.rs`, `news.rs`). So a restart
//! changes nothing, and it does not matter which node computes a report.

mod guard;
mod harm;
mod news;
mod standing;
