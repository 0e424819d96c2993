//! The settings of a recorder, and the start of its threads.

use std::{
    error, fmt, mem,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    event::Exposure,
    record::sinks::{Ceiling, STORE, Sink, SinkError, StoreSink},
    store::{Store, Timestamp, WriterRow},
    unit::Units,
    warn::warn,
};

use super::{
    ending::Ending,
    handle::{Recorder, random_bytes},
    is_error::{self, IsError},
    lane::Lane,
    losses::Losses,
    worker::{Pace, Worker},
};

/// The builder of a recorder.
///
/// [`Recorder::builder`] returns it, and [`start`](Self::start) starts the recorder. The order of the
/// settings does not matter, because sinks and stores begin only when the recorder starts. The sizes of the
/// queue and of the batch apply to each sink.
///
/// ```
/// use std::time::Duration;
///
/// use tower_tracks::{Units, record::{Metrics, Recorder}, store::Memory};
///
/// let recorder = Recorder::builder(Units::pseudonym("sixteen random bytes, or more")?)
///     .node("web-1")
///     .age(Duration::from_millis(200))
///     .store(Memory::default())
///     .sink(Metrics::new())
///     .start()?;
/// assert_eq!(recorder.depths().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a recorder records once it is started"]
pub struct RecorderBuilder {
    units: Units,
    node: Arc<str>,
    sinks: Vec<Planned>,
    queue: usize,
    pace: Pace,
    errors: IsError,
    ceiling: Ceiling,
}

/// A sink, or a store, whose sink is made when all settings are known: the ceiling and the closure
/// of `errors` may be set after the store.
enum Planned {
    Sink(Box<dyn Sink>),
    Store(Arc<dyn Store>),
}

/// The error of a recorder that did not start.
///
/// Nothing is recorded then: the threads that had already started end, and the queues are dropped.
/// The application decides whether it serves without a recorder.
///
/// ```
/// use tower_tracks::{Units, record::{JsonLines, Recorder}};
///
/// let lines = JsonLines::new("a folder that does not exist/tracks.jsonl");
/// let error = Recorder::builder(Units::raw()).sink(lines).start().unwrap_err();
/// assert_eq!(&*error.sink, "json-lines");
/// assert!(error.to_string().starts_with("json-lines could not start: "));
/// ```
#[non_exhaustive]
pub struct StartError {
    /// The name of the sink that failed, or `recorder` if the operating system returned no random
    /// bytes.
    pub sink: Arc<str>,
    source: SinkError,
}

impl RecorderBuilder {
    /// Returns the defaults. A queue has room for eight batches, so that a sink may be busy for a
    /// while.
    pub(super) fn new(units: Units) -> Self {
        Self {
            units,
            node: "".into(),
            sinks: Vec::new(),
            queue: 32_768,
            pace: Pace {
                batch: 4_096,
                age: Duration::from_secs(1),
                settle: Duration::from_secs(10),
            },
            errors: Arc::new(is_error::by_outcome),
            ceiling: Ceiling::default(),
        }
    }

    /// Records into a store. The name of the sink is `store`.
    ///
    /// Events whose write fails stay in the queue, and are written later. Events that are more than an hour
    /// in the future, by this machine's clock, are set aside.
    ///
    /// If another part of the program reads the store, such as a dashboard, wrap the store in an [`Arc`]:
    ///
    /// ```
    /// use std::sync::Arc;
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let store = Arc::new(Memory::default());
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Arc::clone(&store)).start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn store(mut self, store: impl Store) -> Self {
        self.sinks.push(Planned::Store(Arc::new(store)));
        self
    }

    /// Records into a sink, such as [`JsonLines`](crate::record::JsonLines), or a type of your own
    /// that implements [`Sink`].
    ///
    /// Each call adds a sink, with a queue and a thread of its own. Sinks do not wait for each other: if
    /// one sink is slow, the recorder still writes to the others.
    ///
    /// ```
    /// use tower_tracks::{Units, record::{JsonLines, Recorder}, store::Memory};
    ///
    /// # let name = format!("tower-tracks-doc-sink-{}", std::process::id());
    /// # let folder = std::env::temp_dir().join(name);
    /// # std::fs::create_dir_all(&folder)?;
    /// # let path = folder.join("tracks.jsonl");
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units)
    ///     .store(Memory::default())
    ///     .sink(JsonLines::new(path))
    ///     .start()?;
    /// let names: Vec<&str> = recorder.depths().map(|(name, _, _)| name).collect();
    /// assert_eq!(names, ["store", "json-lines"]);
    /// # drop(recorder);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sink(mut self, sink: impl Sink) -> Self {
        self.sinks.push(Planned::Sink(Box::new(sink)));
        self
    }

    /// Sets how much each store may grow. Defaults to no limit.
    ///
    /// It applies to every store of the recorder, also to those that were added before, and to no
    /// other sink. [`JsonLines::keep_for`](crate::record::JsonLines::keep_for) limits files.
    ///
    /// ```
    /// use tower_tracks::{Units, record::{Ceiling, Recorder}, store::Memory};
    ///
    /// let ceiling = Ceiling::default().new_units_a_day(1_000_000);
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).ceiling(ceiling).store(Memory::default()).start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ceiling(mut self, ceiling: Ceiling) -> Self {
        self.ceiling = ceiling;
        self
    }

    /// Sets the name of this machine, which a store keeps with its facts. Defaults to none.
    ///
    /// Only people use the name, so two machines may have the same one. A store distinguishes recorders by
    /// a random number, which each recorder draws at its start.
    ///
    /// ```
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let builder = Recorder::builder(Units::pseudonym("sixteen random bytes, or more")?);
    /// let recorder = builder.node("web-1").store(Memory::default()).start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn node(mut self, name: impl Into<Arc<str>>) -> Self {
        self.node = name.into();
        self
    }

    /// Sets the maximum number of events in the queue of each sink. Further events are lost and counted.
    /// Defaults to 32,768, which take 7 MB per sink. The minimum is one.
    ///
    /// Keys of more than 39 bytes take additional memory, and so do the kinds of units in conversions and
    /// aliases. For this, a queue has 256 bytes per event of its capacity, by default 8 MB. If these bytes
    /// are used up, further events are lost, as if the queue were full. For example, a queue of 32,768
    /// events holds only 8,192 events with keys of 1,024 bytes. The batch that is being written takes
    /// additional memory.
    ///
    /// ```
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).queue(100_000).store(Memory::default()).start()?;
    /// let (name, waiting, capacity) = recorder.depths().next().unwrap();
    /// assert_eq!((name, waiting, capacity), ("store", 0, 100_000));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn queue(mut self, events: usize) -> Self {
        self.queue = events.max(1);
        self
    }

    /// Sets the maximum number of events in a batch. Defaults to 4,096. The minimum is one.
    ///
    /// Each batch is one call of [`Sink::write`]; in most stores, it is one transaction. When this many events
    /// are in the queue, they are written without waiting for [`age`](Self::age). If the queue is smaller
    /// than two batches, they are written when the queue is half full.
    ///
    /// ```
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).batch(500).store(Memory::default()).start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn batch(mut self, events: usize) -> Self {
        self.pace.batch = events.max(1);
        self
    }

    /// Sets how long an event waits for others of its batch. Defaults to a second. The minimum is a
    /// millisecond.
    ///
    /// A process that is killed loses the events of about this time. A shorter time means more and
    /// smaller writes. In tests, use [`flush`](Recorder::flush) instead.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let age = Duration::from_millis(100);
    /// let recorder = Recorder::builder(units).age(age).store(Memory::default()).start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn age(mut self, age: Duration) -> Self {
        self.pace.age = age.max(Duration::from_millis(1));
        self
    }

    /// Sets how often the sums over requests, and the numbers of lost events, are written. Defaults
    /// to ten seconds.
    ///
    /// Sinks also write them at each [flush](Recorder::flush) and at the end. If nothing was
    /// recorded, nothing is written.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let every = Duration::from_secs(60);
    /// let recorder = Recorder::builder(units).settle(every).store(Memory::default()).start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn settle(mut self, every: Duration) -> Self {
        self.pace.settle = every;
        self
    }

    /// Sets which requests count as errors in the sums over requests. Defaults to those that ended with a
    /// status of 500 or more, failed or panicked. The status in gRPC trailers is not considered.
    ///
    /// The closure is called on the thread of a sink. If it panics for a request, the default applies to
    /// that request.
    ///
    /// ```
    /// use tower_tracks::{Exposure, Units, event::Outcome, record::Recorder, store::Memory};
    ///
    /// // A response 429 is an error of this service, too.
    /// let is_error = |exposure: &Exposure| match exposure.outcome() {
    ///     Some(Outcome::Completed { status }) => status == 429 || status >= 500,
    ///     Some(Outcome::Failed | Outcome::Panicked) => true,
    ///     _ => false,
    /// };
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).errors(is_error).store(Memory::default()).start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn errors(mut self, is_error: impl Fn(&Exposure) -> bool + Send + Sync + 'static) -> Self {
        self.errors = is_error::guarded(is_error);
        self
    }

    /// Starts the recorder, with one thread per sink, named `tracks-` and the name of the sink.
    ///
    /// It blocks until all sinks are ready. A store is claimed for the units of this recorder, and a file
    /// is opened. So call it once, before the server listens.
    ///
    /// # Errors
    ///
    /// If a sink cannot start, for instance a store that has the units of another secret. Also if the
    /// operating system returns no thread or no random bytes. A recorder without a sink starts, records
    /// nothing, and logs a warning.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let store = Arc::new(Memory::default());
    /// let first = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(first).store(Arc::clone(&store)).start()?;
    ///
    /// // The units of another secret would be other units: the store refuses them.
    /// let other = Units::pseudonym("other secret, of another store")?;
    /// let error = Recorder::builder(other).store(store).start().unwrap_err();
    /// assert_eq!(&*error.sink, "store");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start(mut self) -> Result<Recorder, StartError> {
        if self.sinks.is_empty() {
            warn(format_args!(
                "the recorder has no sink, so it records nothing; call `.store(…)` or `.sink(…)` \
                 before `.start()`"
            ));
        }
        let writer = self.writer()?;
        let mut sinks = self.make_sinks();
        for sink in &mut sinks {
            // On the calling thread, so that an error is an error of `start`.
            let begun = sink.begin(&writer, &self.units);
            begun.map_err(|source| StartError::of(sink.name(), source))?;
        }
        // No thread has started yet, so that a sink that refuses to begin leaves none behind.
        let shared = Shared::default();
        let lanes = self.start_threads(sinks, &shared)?;
        Ok(Recorder::new(self.units, lanes, shared))
    }

    /// Returns the number by which a store knows this recorder from others, with the name of the
    /// machine.
    fn writer(&self) -> Result<WriterRow, StartError> {
        let failed = |error: getrandom::Error| SinkError::refused(error.to_string());
        let uuid = random_bytes().map_err(|error| StartError::of("recorder", failed(error)))?;
        Ok(WriterRow::new(uuid, Timestamp::now()).node(Arc::clone(&self.node)))
    }

    /// Makes the sinks of the stores, now that the ceiling and the closure of `errors` are known.
    fn make_sinks(&mut self) -> Vec<Box<dyn Sink>> {
        let planned = mem::take(&mut self.sinks).into_iter();
        let make = |planned| match planned {
            Planned::Sink(sink) => sink,
            Planned::Store(store) => {
                let errors = Arc::clone(&self.errors);
                Box::new(StoreSink::new(store, errors, self.ceiling)) as Box<dyn Sink>
            }
        };
        planned.map(make).collect()
    }

    /// Starts the thread of each sink, and returns their lanes.
    fn start_threads(
        &self,
        sinks: Vec<Box<dyn Sink>>,
        shared: &Shared,
    ) -> Result<Vec<Arc<Lane>>, StartError> {
        let mut lanes: Vec<Arc<Lane>> = Vec::new();
        for sink in sinks {
            let sizes = (self.queue, self.pace.batch);
            let lane = Arc::new(Lane::new(sink.name().into(), sizes, shared));
            let worker = Worker::new(Arc::clone(&lane), sink, self.units.clone(), self.pace);
            if let Err(error) = worker.spawn() {
                // The threads that run have nothing to do.
                lanes.iter().for_each(|lane| lane.close(Instant::now()));
                return Err(StartError::of(&lane.name, error.into()));
            }
            lanes.push(lane);
        }
        Ok(lanes)
    }
}

/// What all lanes of a recorder have in common.
#[derive(Clone, Default)]
pub(super) struct Shared {
    pub(super) losses: Arc<Losses>,
    pub(super) ending: Arc<Ending>,
}

impl StartError {
    fn of(sink: &str, source: SinkError) -> Self {
        let sink = sink.into();
        Self { sink, source }
    }
}

impl fmt::Debug for RecorderBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |planned: &Planned| match planned {
            Planned::Sink(sink) => sink.name().to_owned(),
            Planned::Store(_) => STORE.to_owned(),
        };
        let sinks: Vec<String> = self.sinks.iter().map(name).collect();
        f.debug_struct("RecorderBuilder")
            .field("sinks", &sinks)
            .field("queue", &self.queue)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} could not start: {}", self.sink, self.source)
    }
}

debug_as_message!(StartError);

impl error::Error for StartError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.source()
    }
}
