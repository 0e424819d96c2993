#![doc = include_str!("../docs/cli.md")]

mod answer;
mod args;
#[cfg(feature = "clickhouse")]
mod clickhouse;
mod code;
mod commands;
mod definitions;
mod exit;
mod failure;
mod groups;
mod in_force;
mod inputs;
mod place;
#[cfg(feature = "postgres")]
mod postgres;
mod program;
mod progress;
mod secret;
mod session;

pub use self::program::{Program, run};
