use std::{error, fmt, sync::Arc, thread, time::Duration};

use crate::{
    event::{Exposure, Units},
    record::{Sink, SinkError, Store, StoreSink, Timestamp, WriterRow},
    warn::warn,
};

use super::{
    Recorder,
    lane::Lane,
    losses::Losses,
    worker::{Pace, State, Worker},
};

/// A recorder that is not started yet.
///
/// See [`Recorder::builder`].
#[must_use = "a recorder records once it is started"]
pub struct RecorderBuilder {
    units: Units,
    node: Arc<str>,
    sinks: Vec<Box<dyn Sink>>,
    queue: usize,
    pace: Pace,
    errors: IsError,
}

/// Which exposures count as errors.
pub(in crate::record) type IsError = Arc<dyn Fn(&Exposure) -> bool + Send + Sync>;

/// Why a recorder did not start.
#[non_exhaustive]
pub struct StartError {
    /// The sink that would not.
    pub sink: Arc<str>,
    source: SinkError,
}

impl RecorderBuilder {
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
            errors: Arc::new(crate::record::is_error),
        }
    }

    /// Records into a store. Its name among the sinks is `store`.
    ///
    /// What fails stays in the queue and is tried again. What happened more than an hour in the
    /// future, by this machine's clock, is set aside.
    pub fn store(self, store: impl Store) -> Self {
        self.shared_store(Arc::new(store))
    }

    /// Records into a store that others use, too, such as a page of results.
    pub fn shared_store(mut self, store: Arc<dyn Store>) -> Self {
        let sink = StoreSink::new(store, Arc::clone(&self.errors));
        self.sinks.push(Box::new(sink));
        self
    }

    /// Records into another sink. Sinks do not wait for each other.
    pub fn sink(mut self, sink: impl Sink) -> Self {
        self.sinks.push(Box::new(sink));
        self
    }

    /// Calls this machine by a name, which a store keeps beside what came from it. Defaults to
    /// none.
    pub fn node(mut self, name: impl Into<Arc<str>>) -> Self {
        self.node = name.into();
        self
    }

    /// Sets how many events wait for each sink at most; more are lost, and counted. Defaults to
    /// 32,768, which take 7 MB for each sink, and at least one.
    pub fn queue(mut self, events: usize) -> Self {
        self.queue = events.max(1);
        self
    }

    /// Sets how many events are written together at most. Defaults to 4,096, and at least one.
    pub fn batch(mut self, events: usize) -> Self {
        self.pace.batch = events.max(1);
        self
    }

    /// Sets how long an event waits for others, to be written with them. Defaults to a second.
    pub fn age(mut self, age: Duration) -> Self {
        self.pace.age = age.max(Duration::from_millis(1));
        self
    }

    /// Sets how often the sums over requests, and what was lost, are written. Defaults to ten
    /// seconds.
    pub fn settle(mut self, every: Duration) -> Self {
        self.pace.settle = every;
        self
    }

    /// Sets which requests count as errors in the sums over requests; say it before the stores.
    /// Defaults to those that ended with a status of 500 or more, failed or panicked. Trailers of
    /// gRPC are not seen.
    pub fn errors(mut self, is_error: impl Fn(&Exposure) -> bool + Send + Sync + 'static) -> Self {
        self.errors = Arc::new(is_error);
        self
    }

    /// Starts the threads of the sinks.
    ///
    /// # Errors
    ///
    /// When a sink will not begin, as a store that has the units of another secret; or when the
    /// operating system gives no thread, or no random bytes. One without a sink starts, records
    /// nothing, and says so.
    pub fn start(self) -> Result<Recorder, StartError> {
        let started = |error: SinkError| StartError {
            sink: "recorder".into(),
            source: error,
        };
        if self.sinks.is_empty() {
            warn(format_args!(
                "the recorder has no sink, so it records nothing; say `.store(…)` or `.sink(…)` \
                 before `.start()`"
            ));
        }
        let uuid = random_bytes().map_err(started)?;
        let writer = WriterRow {
            uuid,
            node: self.node,
            started_at: Timestamp::now(),
        };
        let losses = Arc::new(Losses::default());
        let mut lanes = Vec::new();
        for (index, mut sink) in self.sinks.into_iter().enumerate() {
            let name: Arc<str> = sink.name().into();
            let refused = |source| StartError {
                sink: Arc::clone(&name),
                source,
            };
            sink.begin(&writer, &self.units).map_err(refused)?;
            let sizes = (self.queue, self.pace.batch);
            let (lane, commands) = Lane::new(index, Arc::clone(&name), sizes, Arc::clone(&losses));
            let lane = Arc::new(lane);
            lanes.push(Arc::clone(&lane));
            let worker = Worker {
                lane,
                commands,
                sink,
                units: self.units.clone(),
                losses: Arc::clone(&losses),
                pace: self.pace,
                state: State::default(),
            };
            spawn(worker).map_err(refused)?;
        }
        Ok(Recorder::new(self.units, lanes, losses))
    }
}

fn spawn(worker: Worker) -> Result<(), SinkError> {
    let lane = Arc::clone(&worker.lane);
    let name = format!("tracks-{}", lane.name);
    let thread = thread::Builder::new()
        .name(name)
        .spawn(move || worker.run())?;
    lane.runs_on(thread.thread().clone());
    Ok(())
}

fn random_bytes() -> Result<[u8; 16], SinkError> {
    let mut bytes = [0; 16];
    let filled = getrandom::fill(&mut bytes);
    filled.map_err(|error| SinkError::refused(error.to_string()))?;
    Ok(bytes)
}

impl fmt::Debug for RecorderBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sinks: Vec<&str> = self.sinks.iter().map(|sink| sink.name()).collect();
        f.debug_struct("RecorderBuilder")
            .field("sinks", &sinks)
            .field("queue", &self.queue)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} does not begin: {}", self.sink, self.source)
    }
}

debug_as_message!(StartError);

impl error::Error for StartError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.source()
    }
}
