//! The files that were put aside by a rotation.

use std::{
    collections::HashMap,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::store::Timestamp;

use super::{clock::Now, header::begun_at};

/// The files that were put aside: each has the name of the file, a dot and a number.
#[derive(Debug)]
pub(super) struct Aside {
    /// The path of the file that is written.
    path: PathBuf,
    /// When this process put files aside, by number.
    put_at: HashMap<u64, Instant>,
}

impl Aside {
    /// Returns the files beside this path, of which this process has put none aside yet.
    pub(super) fn of(path: PathBuf) -> Self {
        Self {
            path,
            put_at: HashMap::new(),
        }
    }

    /// Puts the file aside under the next number.
    pub(super) fn put(&mut self, now: Now) -> io::Result<()> {
        // Foreign files count, too: renaming to their number would replace them.
        let last = self.numbers()?.into_iter().max();
        let next = last.map_or(1, |last| last.saturating_add(1));
        fs::rename(&self.path, self.numbered(next))?;
        self.put_at.insert(next, now.steady);
        Ok(())
    }

    /// Returns the numbers of the files that are this sink's by their first line, from the oldest to
    /// the latest.
    pub(super) fn files(&self) -> io::Result<Vec<u64>> {
        let mut numbers = self.numbers()?;
        numbers.retain(|number| begun_at(&self.numbered(*number)).is_ok());
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Returns how long ago the first of these files was put aside: when the next one was begun, by
    /// its header. What cannot be found out is now.
    ///
    /// Of a file that this process put aside, the steady clock counts where it says less, so that a
    /// wall clock that jumps ahead removes nothing.
    pub(super) fn age_of_oldest(&self, files: &[u64], now: Now) -> Duration {
        let Some(oldest) = files.first() else {
            return Duration::ZERO;
        };
        let next = files.get(1).map(|next| self.numbered(*next));
        let next_begun_at = begun_at(next.as_deref().unwrap_or(&self.path));
        let age = next_begun_at.map_or(Duration::ZERO, |at| since(at, now.wall));
        let steady = self.put_at.get(oldest);
        steady.map_or(age, |at| age.min(now.steady.saturating_duration_since(*at)))
    }

    /// Removes a file, unless a collector has done so meanwhile.
    pub(super) fn remove(&mut self, number: u64) -> io::Result<()> {
        self.put_at.remove(&number);
        match fs::remove_file(self.numbered(number)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Returns the name of a file that was put aside.
    fn numbered(&self, number: u64) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(format!(".{number}"));
        name.into()
    }

    /// Returns the numbers that are taken, by whatever file.
    fn numbers(&self) -> io::Result<Vec<u64>> {
        let folder = self.path.parent();
        let folder = folder.filter(|folder| *folder != Path::new(""));
        let mut numbers = Vec::new();
        for entry in fs::read_dir(folder.unwrap_or(Path::new(".")))? {
            let name = entry?.file_name();
            numbers.extend(number(&self.path, &name.to_string_lossy()));
        }
        Ok(numbers)
    }
}

/// Returns the time since then; 0 for a time in the future.
fn since(at: Timestamp, now: Timestamp) -> Duration {
    let micros = now.as_micros().saturating_sub(at.as_micros());
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

/// Returns the number in the name of a file that was put aside; `None` for other names, also for
/// `.gz` and leading zeros.
fn number(path: &Path, name: &str) -> Option<u64> {
    let ours = path.file_name()?.to_string_lossy();
    let number = name.strip_prefix(&*ours)?.strip_prefix('.')?;
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    is_plain.then(|| number.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_collected_counts_as_removed() {
        let mut aside = Aside::of("no folder/tracks.jsonl".into());
        assert!(aside.remove(1).is_ok());
    }

    #[test]
    fn numbers_are_plain() {
        let path = Path::new("folder/tracks.jsonl");
        assert_eq!(number(path, "tracks.jsonl.12"), Some(12));
        assert_eq!(
            Aside::of(path.into()).numbered(12),
            Path::new("folder/tracks.jsonl.12")
        );
        for other in [
            "tracks.jsonl",
            "tracks.jsonl.",
            "tracks.jsonl.012",
            "tracks.jsonl.+1",
            "tracks.jsonl.1.gz",
            "other.jsonl.1",
        ] {
            assert_eq!(number(path, other), None, "{other}");
        }
    }
}
