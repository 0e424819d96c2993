use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

/// When a file is put aside and another is begun, and how many are kept.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rotation {
    /// How long a file gets at most.
    pub(super) largest: Option<u64>,
    /// Whether each day has files of its own.
    pub(super) daily: bool,
    /// How many of those that were put aside are kept.
    pub(super) keep: Option<usize>,
}

impl Rotation {
    /// Returns whether a file of this length, last written on this day, is to be put aside before
    /// so much more is written today.
    pub(super) fn is_due(&self, (length, day): (u64, i32), more: usize, today: i32) -> bool {
        let is_large = |largest| length.saturating_add(more as u64) > largest;
        length > 0 && (self.largest.is_some_and(is_large) || (self.daily && day != today))
    }

    /// Puts a file aside under the next number, and removes those that are not kept.
    pub(super) fn put_aside(&self, path: &Path) -> io::Result<()> {
        let aside = numbers(path)?;
        let next = aside.iter().max().map_or(1, |last| last.saturating_add(1));
        fs::rename(path, numbered(path, next))?;
        let Some(keep) = self.keep else {
            return Ok(());
        };
        let is_old = |number: &&u64| **number <= next.saturating_sub(keep as u64);
        for number in aside.iter().chain([&next]).filter(is_old) {
            remove(&numbered(path, *number))?;
        }
        Ok(())
    }
}

/// Removes a file, unless whoever collects them has done so meanwhile.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Returns the name of a file that was put aside: its number after a dot.
fn numbered(path: &Path, number: u64) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(format!(".{number}"));
    name.into()
}

/// Returns the numbers under which files were put aside.
fn numbers(path: &Path) -> io::Result<Vec<u64>> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder.unwrap_or(Path::new(".")))? {
        let name = entry?.file_name();
        numbers.extend(number(path, &name.to_string_lossy()));
    }
    Ok(numbers)
}

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
    fn an_empty_file_stays() {
        let rotation = Rotation {
            largest: Some(10),
            daily: true,
            keep: None,
        };
        assert!(!rotation.is_due((0, 1), 100, 2));
        assert!(!rotation.is_due((5, 2), 5, 2));
        assert!(rotation.is_due((5, 2), 6, 2), "it would be too large");
        assert!(rotation.is_due((5, 1), 1, 2), "it is yesterday's");
        assert!(!Rotation::default().is_due((u64::MAX, 1), 1, 2));
    }

    #[test]
    fn what_somebody_collected_is_removed() {
        assert!(remove(Path::new("no folder/tracks.jsonl.1")).is_ok());
        assert!(remove(Path::new(".")).is_err());
    }

    #[test]
    fn numbers_are_plain() {
        let path = Path::new("folder/tracks.jsonl");
        assert_eq!(number(path, "tracks.jsonl.12"), Some(12));
        assert_eq!(numbered(path, 12), Path::new("folder/tracks.jsonl.12"));
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
