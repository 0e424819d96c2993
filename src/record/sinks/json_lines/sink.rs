//! The sink that appends lines, and begins files.

use std::{
    collections::HashSet,
    fmt, fs, io,
    path::PathBuf,
    time::{Duration, Instant},
};

use crate::{
    disk::warn_if_others_read,
    record::{
        recorder::Lost,
        sinks::{Record, Sink, SinkError, Taken},
    },
    store::{LostReason, WriterRow},
    unit::Units,
    warn::warn,
};

use super::{
    aside::Aside, clock::Now, file::LineFile, known_sets::KnownSets, rotation::Rotation, text,
};

/// For how long a full sink does not look again whether there is room.
const PAUSE: Duration = Duration::from_secs(1);

#[doc = include_str!("../../../docs/json_lines.md")]
#[must_use = "it is given to a recorder"]
pub struct JsonLines {
    path: PathBuf,
    rotation: Rotation,
    /// The source of time for rotations.
    clock: Box<dyn Fn() -> Now + Send + Sync>,
    aside: Aside,
    /// When a file was last put aside because of its day.
    day_was_over_at: Option<Instant>,
    /// When there was last found to be no room.
    full_at: Option<Instant>,
    /// Whether keys are kept beside their units.
    is_raw: bool,
    /// The line that each file begins with.
    writer: Vec<u8>,
    /// Whether the file has it.
    is_begun: bool,
    sets: KnownSets,
    file: Option<LineFile>,
    /// Whether there was a file, in a directory that may be made again.
    was_open: bool,
    /// The losses that were written.
    lost: HashSet<Lost>,
}

impl JsonLines {
    /// Returns a sink that appends to a file, and creates it if it does not exist. The folder of the file
    /// must exist.
    ///
    /// The file is opened when the recorder starts. Only one recorder may write to a file at a time, because
    /// two recorders would break each other's lines. A file with other content is refused, and not changed.
    ///
    /// ```
    /// use tower_tracks::{Units, record::{JsonLines, Recorder}};
    ///
    /// # let name = format!("tower-tracks-doc-new-{}", std::process::id());
    /// # let folder = std::env::temp_dir().join(name);
    /// # std::fs::create_dir_all(&folder)?;
    /// let path = folder.join("tracks.jsonl");
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).sink(JsonLines::new(&path)).start()?;
    /// assert!(path.exists());
    /// # drop(recorder);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self {
            aside: Aside::of(path.clone()),
            path,
            rotation: Rotation::default(),
            clock: Box::new(Now::read),
            day_was_over_at: None,
            full_at: None,
            is_raw: false,
            writer: Vec::new(),
            is_begun: false,
            sets: KnownSets::default(),
            file: None,
            was_open: false,
            lost: HashSet::new(),
        }
    }

    /// Puts the file aside before it grows beyond this number of bytes, and begins another file. Defaults to
    /// never.
    ///
    /// A file is longer only if a single batch is longer. The name of a file that was put aside has a number,
    /// as in `tracks.jsonl.1`.
    ///
    /// ```
    /// use tower_tracks::record::JsonLines;
    ///
    /// let lines = JsonLines::new("tracks.jsonl").largest(100_000_000);
    /// ```
    ///
    /// Together with [`daily`](Self::daily), a file ends as soon as one of the two rules applies.
    pub fn largest(mut self, bytes: u64) -> Self {
        self.rotation.largest = Some(bytes);
        self
    }

    /// Puts the file aside at the first line of each UTC day, and begins another file. Defaults to never.
    ///
    /// The day of a file is the day of its header. In one process, at most one file per hour is put aside for
    /// its day, even if the clock of the machine jumps.
    ///
    /// ```
    /// use tower_tracks::record::JsonLines;
    ///
    /// let lines = JsonLines::new("tracks.jsonl").daily();
    /// ```
    pub fn daily(mut self) -> Self {
        self.rotation.daily = true;
        self
    }

    /// Removes all but this number of the latest files that were put aside. Defaults to keeping all.
    ///
    /// Files with such a name that this sink did not write are neither counted nor removed.
    ///
    /// # Warning
    ///
    /// Removed files cannot be restored. So use it only if the facts are also in a store, or if the files are
    /// collected. With [`largest`](Self::largest), a flood of requests fills the kept files and removes the
    /// files of earlier days: [`keep_for`](Self::keep_for) prevents that.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::record::JsonLines;
    ///
    /// // Seven days, and files of the last day stay even in a flood of requests.
    /// let lines = JsonLines::new("tracks.jsonl")
    ///     .daily()
    ///     .keep(7)
    ///     .keep_for(Duration::from_secs(24 * 60 * 60));
    /// ```
    pub fn keep(mut self, files: usize) -> Self {
        self.rotation.keep = Some(files);
        self
    }

    /// Keeps each file that was put aside for at least this time. Defaults to 0: then only the number that
    /// [`keep`](Self::keep) sets matters.
    ///
    /// The disk space stays limited. With [`keep`](Self::keep) and [`largest`](Self::largest), there are at
    /// most that many files and the current one, each of the largest size plus one batch. If they are full
    /// and the oldest file is younger than this time, the sink writes nothing until it is old enough.
    /// Meanwhile, all events are lost, whatever their track, and counted with the reason
    /// [`Ceiling`](crate::store::LostReason::Ceiling). So a flood loses the events after it, not those of
    /// earlier days.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::record::JsonLines;
    ///
    /// // At most 11 files of 100 MB, and none of the last three days is removed.
    /// let lines = JsonLines::new("tracks.jsonl")
    ///     .largest(100_000_000)
    ///     .keep(10)
    ///     .keep_for(Duration::from_secs(3 * 24 * 60 * 60));
    /// ```
    pub fn keep_for(mut self, age: Duration) -> Self {
        self.rotation.keep_for = age;
        self
    }

    #[cfg(test)]
    pub(super) fn clock(mut self, clock: impl Fn() -> Now + Send + Sync + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Appends the lines of records, after those that the file has to have before them.
    ///
    /// Where that fails the file is opened again the next time, which mends its end.
    fn append(&mut self, lines: &[u8], records: &[Record]) -> io::Result<()> {
        let now = (self.clock)();
        let mut file = self.open_for(lines.len(), now)?;
        let mut all = file.header(now);
        if !self.is_begun {
            all.extend_from_slice(&self.writer);
        }
        let pushed = self.sets.push(&mut all, records);
        all.extend_from_slice(lines);
        if !all.is_empty() {
            file.append(&all, now)?;
        }
        self.is_begun = true;
        self.sets.are_told(&pushed);
        self.file = Some(file);
        Ok(())
    }

    /// Returns the file that so much more is to be written to.
    fn open_for(&mut self, more: usize, now: Now) -> io::Result<LineFile> {
        let file = self.open(now)?;
        let last = self.day_was_over_at;
        let is_day_over = self.rotation.is_due_by_day(&file, last, now);
        let is_due = is_day_over || self.rotation.is_due_by_size(&file, more);
        if !is_due || !self.rotation.has_room(&self.aside, now)? {
            return Ok(file);
        }
        let file = self.rotate(file, now)?;
        if is_day_over {
            self.day_was_over_at = Some(now.steady);
        }
        Ok(file)
    }

    /// Puts the file aside, and begins another with its permissions.
    fn rotate(&mut self, mut file: LineFile, now: Now) -> io::Result<LineFile> {
        // No handle of this file is kept that could be synced later.
        file.sync()?;
        let permissions = file.permissions()?;
        drop(file);
        self.rotation.put_aside(&mut self.aside, now)?;
        let file = self.open(now)?;
        file.set_permissions(permissions)?;
        Ok(file)
    }

    /// Returns whether no more may be written until files are older, or were collected.
    fn is_full(&mut self) -> io::Result<bool> {
        let now = (self.clock)();
        // The check of a full file lists its folder, for each record; a file with room needs no
        // list.
        let is_recent = |at: Instant| now.steady.saturating_duration_since(at) < PAUSE;
        if self.full_at.is_some_and(is_recent) {
            return Ok(true);
        }
        let is_full = |file| self.rotation.is_full(file, &self.aside, now);
        let is_full = self.file.as_ref().map_or(Ok(false), is_full)?;
        self.full_at = is_full.then_some(now.steady);
        Ok(is_full)
    }

    /// Returns the open file, or opens it: at the start, after a failure, and after another program
    /// moved or removed it. The folder is made again only if the file was open before, so that a
    /// wrong path is an error of the start.
    fn open(&mut self, now: Now) -> io::Result<LineFile> {
        if let Some(file) = self.file.take() {
            if file.is_in_place(&self.path)? {
                return Ok(file);
            }
            self.leave(file);
        }
        self.is_begun = false;
        self.sets.begin_file();
        if let (true, Some(folder)) = (self.was_open, self.path.parent()) {
            // Where that fails, so does the opening.
            fs::create_dir_all(folder).ok();
        }
        let opened = LineFile::open(&self.path, now);
        self.was_open |= opened.is_ok();
        opened.map_err(|error| {
            let path = self.path.display();
            io::Error::new(error.kind(), format!("{path}: {error}"))
        })
    }

    /// Waits until written lines are on the disk.
    fn sync(&mut self) -> Result<(), SinkError> {
        Ok(self.file.as_mut().map_or(Ok(()), LineFile::sync)?)
    }

    /// Closes a file that was deleted, replaced or shortened.
    fn leave(&mut self, mut file: LineFile) {
        warn(format_args!(
            "{} was deleted, replaced or shortened while it was open; a new file is started, \
             without the lines that were written before",
            self.path.display()
        ));
        // It may have another name, by which it is kept.
        file.sync().ok();
        // Those are totals, and the next file is to be read alone.
        self.lost.clear();
    }
}

impl Sink for JsonLines {
    fn name(&self) -> &str {
        "json-lines"
    }

    fn begin(&mut self, writer: &WriterRow, units: &Units) -> Result<(), SinkError> {
        self.is_raw = units.is_raw();
        self.writer = text::of_writer(writer, units);
        self.file = Some(self.open((self.clock)())?);
        if self.is_raw {
            warn_if_others_read(&self.path);
        }
        Ok(())
    }

    fn refuse(&mut self, _: &Record) -> Result<Option<LostReason>, SinkError> {
        Ok(self.is_full()?.then_some(LostReason::Ceiling))
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        self.sets.add(records);
        let mut lines = Vec::new();
        for record in records {
            let definition = self.sets.fingerprint(record);
            text::push_record(&mut lines, record, definition, self.is_raw);
        }
        self.append(&lines, records)?;
        Ok(Taken::all(records))
    }

    fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
        // Lines of losses are facts, too. They are totals, so that later ones have what these would.
        if self.is_full()? {
            return self.sync();
        }
        // First, since another file has no lines of losses yet.
        self.file = Some(self.open((self.clock)())?);
        let mut lines = Vec::new();
        for lost in losses.iter().filter(|lost| !self.lost.contains(lost)) {
            text::push_loss(&mut lines, lost);
        }
        if !lines.is_empty() {
            self.append(&lines, &[])?;
        }
        self.lost = losses.iter().cloned().collect();
        self.sync()
    }
}

impl fmt::Debug for JsonLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines")
            .field("path", &self.path)
            .field("rotation", &self.rotation)
            .finish_non_exhaustive()
    }
}
