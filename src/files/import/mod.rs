//! Reads facts from files into a store: JSON lines and access logs.
//!
//! A file becomes lines; each line becomes rows of a draft, or a fault. When the draft is large
//! enough, it is written as one batch. A fault never ends the import.

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

pub use self::{
    access_log::AccessLog,
    builder::Import,
    imported::{BadLine, ImportError, Imported},
};
