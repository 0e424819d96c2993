//! The port to listen on.

use std::{env, env::VarError};

const DEFAULT: u16 = 3000;

/// Returns what `PORT` says; 0 is any port that is free.
pub(super) fn from_env() -> Result<u16, String> {
    match env::var("PORT") {
        Ok(port) => port.parse().map_err(|_| refuse(&port)),
        Err(VarError::NotPresent) => Ok(DEFAULT),
        Err(VarError::NotUnicode(port)) => Err(refuse(&port.to_string_lossy())),
    }
}

fn refuse(port: &str) -> String {
    format!("PORT is {port:?}, which is no port; give a number from 0 to 65535, as in PORT=3001")
}
