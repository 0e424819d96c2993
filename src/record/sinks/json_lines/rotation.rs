//! The rules of rotation: when a file is put aside, and which files are removed.

use std::{
    io,
    time::{Duration, Instant},
};

use super::{aside::Aside, clock::Now, file::LineFile};

/// The minimum time between two rotations by day, by the monotonic clock.
const HOUR: Duration = Duration::from_secs(60 * 60);

/// The length of a day by the monotonic clock, after which a wall clock that was set back no longer
/// delays a rotation.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The settings of rotation.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rotation {
    /// The maximum length of a file in bytes.
    pub(super) largest: Option<u64>,
    /// Whether each day has files of its own.
    pub(super) daily: bool,
    /// The number of files that are kept after a rotation.
    pub(super) keep: Option<usize>,
    /// The minimum age of a file that is removed.
    pub(super) keep_for: Duration,
}

impl Rotation {
    /// Returns whether a file is to be put aside for its size before so much more is written to it.
    pub(super) fn is_due_by_size(&self, file: &LineFile, more: usize) -> bool {
        let is_large = |largest| file.length.saturating_add(more as u64) > largest;
        file.length > 0 && self.largest.is_some_and(is_large)
    }

    /// Returns whether a file is to be put aside since it is of another day.
    ///
    /// However the wall clock jumps, that is at most once an hour in one process. A clock that was
    /// set back waits until it passes the beginning of the file, or for a day by the steady clock.
    pub(super) fn is_due_by_day(&self, file: &LineFile, last: Option<Instant>, now: Now) -> bool {
        let is_later = now.wall > file.since.wall
            || now.steady.saturating_duration_since(file.since.steady) >= DAY;
        let is_other_day = now.wall.day() != file.since.wall.day();
        let is_soon = last.is_some_and(|last| now.steady.saturating_duration_since(last) < HOUR);
        self.daily && file.length > 0 && is_other_day && is_later && !is_soon
    }

    /// Returns whether another file may be put aside: there is none too many, or the oldest is old
    /// enough to be removed.
    pub(super) fn has_room(&self, aside: &Aside, now: Now) -> io::Result<bool> {
        // Without a minimum age the oldest file may always be removed.
        let Some(keep) = self.keep.filter(|_| !self.keep_for.is_zero()) else {
            return Ok(true);
        };
        let files = aside.files()?;
        Ok(files.len() < keep || aside.age_of_oldest(&files, now) >= self.keep_for)
    }

    /// Returns whether no more may be written: the file is full, and there is no room for another.
    pub(super) fn is_full(&self, file: &LineFile, aside: &Aside, now: Now) -> io::Result<bool> {
        Ok(self.is_due_by_size(file, 1) && !self.has_room(aside, now)?)
    }

    /// Puts a file aside, and removes those that are not kept.
    pub(super) fn put_aside(&self, aside: &mut Aside, now: Now) -> io::Result<()> {
        aside.put(now)?;
        let Some(keep) = self.keep else {
            return Ok(());
        };
        let mut files = aside.files()?;
        while files.len() > keep && aside.age_of_oldest(&files, now) >= self.keep_for {
            aside.remove(files.remove(0))?;
        }
        Ok(())
    }
}
