//! Facts from files into a store: those of [`JsonLines`](crate::record::JsonLines), and access logs.

mod access_log;
mod builder;
mod definitions;
mod draft;
mod fault;
mod file_kind;
mod imported;
mod input;
mod json_line;
mod lines;
mod run;
mod source;
mod tracks;

pub use self::{
    access_log::AccessLog,
    builder::Import,
    imported::{BadLine, ImportError, Imported},
};
