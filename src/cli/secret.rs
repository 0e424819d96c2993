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
        let secret = match &self.secret_file {
            Some(file) => {
                let bytes = fs::read(file);
                let bytes =
                    bytes.map_err(|error| Failure::of(format!("reading {file:?}"), &error))?;
                Some(
                    bytes
                        .strip_suffix(b"\n")
                        .map(<[u8]>::to_vec)
                        .unwrap_or(bytes),
                )
            }
            None if env::var_os(VARIABLE).is_none_or(|secret| secret.is_empty()) => None,
            None => return Ok(Some(Units::from_env(VARIABLE)?)),
        };
        // An empty file counts as no secret, like an empty variable.
        let secret = secret.filter(|secret| !secret.is_empty());
        Ok(secret.map(Units::pseudonym).transpose()?)
    }

    /// Returns the units of a store, to compute them from keys. `claimed` is the scheme that the
    /// store has: a wrong secret is an error, since its units would silently match nothing.
    pub(super) fn units_of(&self, claimed: Option<&str>) -> Result<Units, Failure> {
        let given = match claimed {
            Some(claimed) if claimed == Units::raw().claim() => return Ok(Units::raw()),
            _ => self.units()?,
        };
        let missing = || {
            let message = "the store has pseudonyms, which need the secret: set TRACKS_SECRET \
                           or --secret-file";
            Failure::usage(message)
        };
        let given = given.ok_or_else(missing)?;
        match claimed {
            Some(claimed) if claimed != given.claim() => Err(Failure::new(
                "the secret is not that by which the store was recorded",
            )),
            _ => Ok(given),
        }
    }
}
