use std::{
    env, process,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{Failure, server::Settings};

/// What the process is started for.
pub(super) enum Mode {
    /// Visitors into SQLite, without faults.
    Visitors { is_short: bool },
    /// The server of a soak.
    Serve(Settings),
    /// A soak.
    Soak(Options),
}

/// How a soak runs.
pub(super) struct Options {
    pub(super) minutes: f64,
    pub(super) seed: u64,
    /// The URI of a database of PostgreSQL.
    pub(super) postgres: Option<String>,
}

impl Mode {
    pub(super) fn of(arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let (mut minutes, mut seed, mut is_short) = (None, None, false);
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let value = arguments.next();
                value.ok_or_else(|| format!("{argument} requires a value"))
            };
            match &*argument {
                "--minutes" => minutes = Some(number::<f64>(&value()?)?),
                "--seed" => seed = Some(number(&value()?)?),
                "--serve" => return Settings::read(&value()?).map(Self::Serve),
                "--test" => is_short = true,
                // Cargo gives this one to each bench.
                "--bench" => {}
                _ => {
                    return Err(format!(
                        "{argument}: --minutes, --seed and --test are known"
                    ));
                }
            }
        }
        Ok(match minutes {
            Some(minutes) => Self::Soak(Options::new(minutes, seed)),
            None => Self::Visitors { is_short },
        })
    }
}

impl Options {
    fn new(minutes: f64, seed: Option<u64>) -> Self {
        Self {
            minutes: minutes.clamp(0.5, 100_000.0),
            seed: seed.unwrap_or_else(fresh_seed),
            postgres: env::var("TRACKS_TEST_POSTGRES").ok(),
        }
    }

    /// Returns a fifth of the time.
    pub(super) fn fifth(&self) -> Duration {
        Duration::from_secs_f64(self.minutes * 60.0 / 5.0)
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| format!("{text} is not a number"))
}

fn fresh_seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = now.map_or(0, |time| time.as_secs());
    (seconds ^ u64::from(process::id()) << 12) % 1_000_000
}
