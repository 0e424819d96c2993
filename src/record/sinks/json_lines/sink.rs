use std::{collections::HashSet, fmt, fs, io, path::PathBuf};

use crate::{
    event::Units,
    record::{
        Lost, Record, Sink, SinkError, Taken, Timestamp, WriterRow, files::warn_if_others_read,
        recorder::warn,
    },
};

use super::{file::LineFile, known_sets::KnownSets, rotation::Rotation, text};

#[doc = include_str!("../../../docs/json_lines.md")]
#[must_use = "it is given to a recorder"]
pub struct JsonLines {
    path: PathBuf,
    rotation: Rotation,
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
    /// The losses of which there are lines.
    lost: HashSet<Lost>,
}

impl JsonLines {
    /// Returns a sink that appends to a file, which it makes where there is none.
    ///
    /// The file belongs to one recorder at a time: two that write one file tear each other's
    /// lines.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            rotation: Rotation::default(),
            is_raw: false,
            writer: Vec::new(),
            is_begun: false,
            sets: KnownSets::default(),
            file: None,
            was_open: false,
            lost: HashSet::new(),
        }
    }

    /// Puts the file aside before it is longer than so many bytes, and begins another. It is
    /// longer where one batch alone is. Defaults to never.
    pub fn largest(mut self, bytes: u64) -> Self {
        self.rotation.largest = Some(bytes);
        self
    }

    /// Puts the file aside at the first line of each day of UTC, and begins another. Defaults to
    /// never.
    pub fn daily(mut self) -> Self {
        self.rotation.daily = true;
        self
    }

    /// Removes all but the latest files that were put aside. Defaults to keeping all.
    ///
    /// # Warning
    ///
    /// What is removed is gone. Say it where the facts are in a store, too, or files are collected.
    pub fn keep(mut self, files: usize) -> Self {
        self.rotation.keep = Some(files);
        self
    }

    /// Appends the lines of records, after those that the file has to have before them.
    ///
    /// Where that fails the file is opened again the next time, which mends its end.
    fn append(&mut self, lines: &[u8], records: &[Record]) -> io::Result<()> {
        let mut file = self.open_for(lines.len())?;
        let mut all = match self.is_begun {
            true => Vec::new(),
            false => self.writer.clone(),
        };
        self.sets.push(&mut all, records);
        all.extend_from_slice(lines);
        if !all.is_empty() {
            file.append(&all)?;
        }
        self.is_begun = true;
        self.sets.are_told(records);
        self.file = Some(file);
        Ok(())
    }

    /// Returns the file that so much more is to be written to.
    fn open_for(&mut self, more: usize) -> io::Result<LineFile> {
        let mut file = self.open()?;
        if !self
            .rotation
            .is_due(file.state()?, more, Timestamp::now().day())
        {
            return Ok(file);
        }
        file.sync()?;
        drop(file);
        self.rotation.put_aside(&self.path)?;
        self.open()
    }

    fn open(&mut self) -> io::Result<LineFile> {
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
        let opened = LineFile::open(&self.path);
        self.was_open |= opened.is_ok();
        opened.map_err(|error| {
            let path = self.path.display();
            io::Error::new(error.kind(), format!("{path}: {error}"))
        })
    }

    /// Closes a file that somebody deleted, replaced or shortened.
    fn leave(&mut self, mut file: LineFile) {
        warn(format_args!(
            "{} was deleted, replaced or shortened while it was open: another one is begun, \
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
        self.file = Some(self.open()?);
        if self.is_raw {
            warn_if_others_read(&self.path);
        }
        Ok(())
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        self.sets.add(records);
        let mut lines = Vec::new();
        for record in records {
            let definition = self.sets.fingerprint(record);
            text::push_record(&mut lines, record, definition, self.is_raw);
        }
        self.append(&lines, records)?;
        Ok(Taken {
            written: records.len() as u64,
            ..Taken::default()
        })
    }

    fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
        // First, since another file has no lines of losses yet.
        self.file = Some(self.open()?);
        let mut lines = Vec::new();
        for lost in losses.iter().filter(|lost| !self.lost.contains(lost)) {
            text::push_loss(&mut lines, lost);
        }
        self.append(&lines, &[])?;
        self.lost = losses.iter().cloned().collect();
        Ok(self.file.as_mut().map_or(Ok(()), LineFile::sync)?)
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
