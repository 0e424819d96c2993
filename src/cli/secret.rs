//! The secret of the units.

use std::{env, fs, path::PathBuf};

use clap::Args;

use crate::unit::Units;

use super::failure::Failure;

/// The variable with the secret.
const VARIABLE: &str = "TRACKS_SECRET";

/// The place of the secret. It cannot be an argument, because everybody on the machine could read it.
#[derive(Debug, Args)]
pub(super) struct SecretArgs {
    /// The file with the secret of the units; defaults to the variable TRACKS_SECRET. One line feed
    /// at its end is ignored
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

impl SecretArgs {
    /// Returns the units of the secret; `None` if none was given.
    pub(super) fn units(&self) -> Result<Option<Units>, Failure> {
        let Some(file) = &self.secret_file else {
            // `from_env` refuses a variable that is not set. Here it may be missing: not every
            // store needs a secret.
            let is_given = env::var_os(VARIABLE).is_some_and(|secret| !secret.is_empty());
            return Ok(is_given.then(|| Units::from_env(VARIABLE)).transpose()?);
        };
        let secret = fs::read(file);
        let secret = secret.map_err(|error| Failure::of(format!("reading {file:?}"), &error))?;
        match secret.strip_suffix(b"\n").unwrap_or(&secret) {
            // An empty file counts as no secret, like an empty variable.
            [] => Ok(None),
            secret => Ok(Some(Units::pseudonym(secret)?)),
        }
    }

    /// Returns the units of a store, to compute them from keys. `claimed` is the scheme that the
    /// store has: a wrong secret is an error, since its units would silently match nothing.
    pub(super) fn units_of(&self, claimed: Option<&str>) -> Result<Units, Failure> {
        if claimed.is_some_and(|claimed| claimed == Units::raw().claim()) {
            return Ok(Units::raw());
        }
        let missing = || {
            let message = "the store has pseudonyms, which need the secret: set TRACKS_SECRET \
                           or --secret-file";
            Failure::usage(message)
        };
        let given = self.units()?.ok_or_else(missing)?;
        if claimed.is_some_and(|claimed| claimed != given.claim()) {
            let message = "the secret is not that by which the store was recorded";
            return Err(Failure::new(message));
        }
        Ok(given)
    }
}
