//! The answer of a command, as text and as JSON.

use std::{
    fmt::Display,
    io::{self, Write},
};

use serde::Serialize;

use crate::text::control;

use super::{exit::Exit, failure::Failure};

/// The answer of a command. Both forms are made at once, so that a failure of either comes before
/// any output.
#[derive(Debug)]
pub(super) struct Answer {
    text: String,
    json: String,
    exit: Exit,
    /// Whether it goes to standard error, because standard output has the exported rows.
    is_aside: bool,
}

impl Answer {
    /// Returns the answer of a value: its `Display` form for people, its JSON for programs.
    pub(super) fn of(said: &(impl Display + Serialize)) -> Result<Self, Failure> {
        Self::new(said.to_string(), said)
    }

    /// Returns the answer with this text for people, and this JSON for programs.
    pub(super) fn new(text: String, json: &impl Serialize) -> Result<Self, Failure> {
        Ok(Self {
            text,
            json: serde_json::to_string_pretty(json)?,
            exit: Exit::Fine,
            is_aside: false,
        })
    }

    /// Sets the exit code. Defaults to success.
    pub(super) fn exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// Sends the answer to standard error if this is true.
    pub(super) fn aside(self, is_aside: bool) -> Self {
        Self { is_aside, ..self }
    }

    /// Writes the answer, and returns the exit code. Control characters are escaped: names and keys
    /// in a foreign store may have escape sequences of terminals.
    pub(super) fn tell(&self, as_json: bool) -> Result<Exit, Failure> {
        let said = match as_json {
            true => control::json(&self.json),
            false => control::lines(&self.text),
        };
        let said = said.trim_end();
        let told = match self.is_aside {
            true => writeln!(io::stderr(), "{said}"),
            false => writeln!(io::stdout(), "{said}"),
        };
        told.map_err(|error| Failure::of_output(&error))?;
        Ok(self.exit)
    }
}
