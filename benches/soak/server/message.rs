use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::Failure;

/// How a server is started.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) directory: PathBuf,
    /// The URI of PostgreSQL, through the proxy.
    pub(crate) postgres: Option<String>,
    /// The number of the first visitor that the server makes up itself.
    pub(crate) first: u64,
    /// How many of them come as fast as the sinks take them, before all others.
    pub(crate) warm: u64,
    /// How many of them come a second, after those.
    pub(crate) a_second: u64,
}

/// What became of the events of a server.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// How many visitors the server had made up, when the flush began.
    pub(crate) made_up: u64,
    pub(crate) sinks: BTreeMap<String, Sink>,
}

/// What became of the events of a sink.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Sink {
    /// Why the flush did not write everything, if it did not.
    pub(crate) failure: Option<String>,
    pub(crate) accepted: u64,
    pub(crate) written: u64,
    pub(crate) known: u64,
    pub(crate) dropped: u64,
    pub(crate) aside: u64,
    /// The losses of the sink, by what was lost, added.
    pub(crate) lost: u64,
}

impl Settings {
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        serde_json::from_str(text).map_err(|error| format!("--serve: {error}"))
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap()
    }
}

impl Answer {
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        serde_json::from_str(text).map_err(|error| format!("{text:?} is not an answer: {error}"))
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap()
    }

    /// Returns why a sink did not write everything, if one did not.
    pub(crate) fn failure(&self) -> Option<String> {
        let failed = |(name, sink): (&String, &Sink)| {
            let failure = sink.failure.as_ref()?;
            Some(format!("{name}: {failure}"))
        };
        self.sinks.iter().find_map(failed)
    }
}
