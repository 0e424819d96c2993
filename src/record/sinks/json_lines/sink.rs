use std::{collections::HashMap, fmt, io, path::PathBuf, sync::Arc};

use crate::{
    assign::Set,
    event::Units,
    record::{Lost, Record, Sink, SinkError, Taken, Timestamp, WriterRow},
};

use super::{file::LineFile, rotation::Rotation, text};

#[doc = include_str!("../../../docs/json_lines.md")]
#[must_use = "it is given to a recorder"]
pub struct JsonLines {
    path: PathBuf,
    rotation: Rotation,
    /// Whether keys are kept beside their units.
    is_raw: bool,
    /// The lines that each file begins with: who writes, and the sets.
    preamble: Vec<Vec<u8>>,
    /// How many of them are in the file.
    told: usize,
    /// The sets of which there is a line, by address.
    sets: HashMap<usize, Arc<Set>>,
    file: Option<LineFile>,
    /// The losses of which there are lines.
    lost: Vec<Lost>,
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
            preamble: Vec::new(),
            told: 0,
            sets: HashMap::new(),
            file: None,
            lost: Vec::new(),
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

    fn meet(&mut self, set: &Arc<Set>) {
        let address = Arc::as_ptr(set).addr();
        if self.sets.insert(address, Arc::clone(set)).is_none() {
            let line = text::of_set(set, Timestamp::now());
            self.preamble.push(line);
        }
    }

    /// Appends lines, after those that a file begins with.
    ///
    /// Where that fails the file is opened again the next time, which mends its end.
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let mut file = self.open_for(lines.len())?;
        let mut all: Vec<u8> = self.preamble[self.told..].concat();
        all.extend_from_slice(lines);
        if !all.is_empty() {
            file.append(&all)?;
        }
        self.told = self.preamble.len();
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
            return Ok(file);
        }
        self.told = 0;
        let named = |error: io::Error| {
            let path = self.path.display();
            io::Error::new(error.kind(), format!("{path}: {error}"))
        };
        LineFile::open(&self.path).map_err(named)
    }
}

impl Sink for JsonLines {
    fn name(&self) -> &str {
        "json-lines"
    }

    fn begin(&mut self, writer: &WriterRow, units: &Units) -> Result<(), SinkError> {
        self.is_raw = units.is_raw();
        self.preamble = vec![text::of_writer(writer, units)];
        self.file = Some(self.open()?);
        Ok(())
    }

    fn define(&mut self, set: &Arc<Set>) {
        self.meet(set);
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        let mut lines = Vec::new();
        for record in records {
            if let Record::Exposure { exposure, .. } = record
                && let Some((set, _)) = exposure.met()
            {
                self.meet(set);
            }
            text::push_record(&mut lines, record, self.is_raw);
        }
        self.append(&lines)?;
        Ok(Taken {
            written: records.len() as u64,
            ..Taken::default()
        })
    }

    fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
        let mut lines = Vec::new();
        for lost in losses.iter().filter(|lost| !self.lost.contains(lost)) {
            text::push_loss(&mut lines, lost);
        }
        self.append(&lines)?;
        self.lost = losses.to_vec();
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
