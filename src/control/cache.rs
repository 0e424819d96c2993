//! The file that a node reads at its start if the log cannot be read. It is authenticated, because an attacker
//! with write access to it could ship tracks.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    disk::owner_only,
    store::Timestamp,
    unit::{Purpose, Secret, SubKey},
};

use super::change::Change;

/// A cache in a file: the tag in hexadecimal digits, a line feed, and the JSON of [`Cached`].
#[derive(Debug)]
pub(super) struct Cache {
    path: PathBuf,
    key: SubKey,
}

/// What is in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Cached {
    pub(super) changes: Vec<Change>,
    pub(super) last: u64,
    /// The time of the log when the file was written.
    pub(super) at: Timestamp,
}

impl Cache {
    pub(super) fn new(path: PathBuf, secret: &Secret) -> Self {
        let key = secret.derive(Purpose::CHANGES);
        Self { path, key }
    }

    /// Returns the content of the file; `None` if there is no file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or was not written with this secret.
    pub(super) fn read(&self) -> io::Result<Option<Cached>> {
        let text = match fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        let invalid = |message: &str| io::Error::new(io::ErrorKind::InvalidData, message);
        let (tag, json) = text
            .split_once('\n')
            .ok_or_else(|| invalid("it has no tag"))?;
        if !self.key.tag([json.as_bytes()]).is(tag) {
            return Err(invalid("it was written with another secret, or edited"));
        }
        Ok(Some(serde_json::from_str(json)?))
    }

    /// Replaces the file as a whole, so that a crash leaves the old one or the new one.
    pub(super) fn write(&self, cached: &Cached) -> io::Result<()> {
        let json = serde_json::to_string(cached)?;
        let tag = self.key.tag([json.as_bytes()]).to_hex();
        let beside = self.beside();
        let mut options = OpenOptions::new();
        let options = owner_only(options.write(true).create(true).truncate(true));
        let mut file = options.open(&beside)?;
        file.write_all(format!("{tag}\n{json}").as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns a name beside the file, of this process alone: several of one machine may share a cache.
    fn beside(&self) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{}", std::process::id()));
        name.into()
    }
}
