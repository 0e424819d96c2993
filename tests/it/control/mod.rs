//! Changes to running tests.

mod logs;
mod state;
