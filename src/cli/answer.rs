use std::{
    fmt::Display,
    io::{self, Write},
};

use serde::Serialize;

use crate::text::control;

use super::{exit::Exit, failure::Failure};

/// What a command says at its end, to people and to programs.
#[derive(Debug)]
pub(super) struct Answer {
    text: String,
    json: String,
    exit: Exit,
    /// The output has something else.
    is_aside: bool,
}

impl Answer {
    pub(super) fn of(said: &(impl Display + Serialize)) -> Result<Self, Failure> {
        Ok(Self {
            text: said.to_string(),
            json: serde_json::to_string_pretty(said)?,
            exit: Exit::Fine,
            is_aside: false,
        })
    }

    pub(super) fn exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// Writes it to standard error, like an error.
    pub(super) fn aside(self) -> Self {
        Self {
            is_aside: true,
            ..self
        }
    }

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
