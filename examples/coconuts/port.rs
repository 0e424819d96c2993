//! The port of the shop. The example `traffic` uses this file, too.

use std::{env, env::VarError};

/// The port without `PORT`.
pub(super) const DEFAULT: u16 = 3000;

/// Returns the port that `PORT` sets, if it is set. In the shop, 0 is any port that is free.
pub(super) fn from_env() -> Result<Option<u16>, String> {
    match env::var("PORT") {
        Ok(port) => port.parse().map(Some).map_err(|_| refuse(&port)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(port)) => Err(refuse(&port.to_string_lossy())),
    }
}

fn refuse(port: &str) -> String {
    format!("PORT is {port:?}, which is no port; give a number from 0 to 65535, as in PORT=3001")
}
