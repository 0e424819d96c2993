use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use sqlx::postgres::PgPoolOptions;
use tokio::runtime::Handle;
use tower_tracks::{
    Exposure, Observe, Units,
    assign::Set,
    event::{Alias, Conversion},
    record::{JsonLines, Recorder, RecorderBuilder, Tallies},
    store::{Postgres, Sqlite},
};

use super::{Answer, Settings, Sink, gate::Gate};

/// The schema in PostgreSQL.
pub(crate) const SCHEMA: &str = "soak";

/// Limits of PostgreSQL that are shorter than those of an application, so that faults are over
/// sooner.
const LIMIT: Duration = Duration::from_secs(3);

/// A recorder into files, and one into PostgreSQL where there is one, so that a flush of one does
/// not wait for the other.
pub(super) struct Recorders {
    all: Vec<Named>,
    is_hung: Arc<AtomicBool>,
}

/// A recorder, and the names of its sinks: here, and in the recorder.
struct Named {
    recorder: Recorder,
    sinks: &'static [(&'static str, &'static str)],
}

impl Recorders {
    pub(super) fn start(settings: &Settings, runtime: &Handle) -> Self {
        let is_hung = Arc::default();
        let mut all = vec![Named {
            recorder: files(settings, &is_hung),
            sinks: &[("sqlite", "store"), ("json-lines", "json-lines")],
        }];
        if let Some(uri) = &settings.postgres {
            all.push(Named {
                recorder: postgres(uri, runtime),
                sinks: &[("postgres", "store")],
            });
        }
        Self { all, is_hung }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Recorder> {
        self.all.iter().map(|named| &named.recorder)
    }

    /// Has the sink of JSON lines hang, or go on.
    pub(super) fn hang(&self, is_hung: bool) -> &'static str {
        self.is_hung.store(is_hung, Relaxed);
        "done"
    }

    /// Writes all events, and returns the counts. An event that is dropped meanwhile was reported later,
    /// so it is not counted.
    pub(super) fn flush(&self, made_up: u64) -> Answer {
        let begin = |named: &Named| (named.answer(None), named.recorder.flush());
        let flushes: Vec<_> = self.all.iter().map(begin).collect();
        let mut answer = Answer {
            made_up,
            ..Answer::default()
        };
        for (named, (before, flush)) in self.all.iter().zip(flushes) {
            let failure = flush.wait().err().map(|error| error.to_string());
            let mut after = named.answer(failure.as_ref());
            for (name, sink) in &mut after {
                sink.dropped = before.get(name).map_or(0, |before| before.dropped);
            }
            answer.sinks.extend(after);
        }
        answer
    }

    pub(super) fn shutdown(&self, made_up: u64) -> Answer {
        let closings: Vec<_> = self
            .all()
            .map(|recorder| recorder.shutdown(Duration::from_secs(40)))
            .collect();
        let mut answer = Answer {
            made_up,
            ..Answer::default()
        };
        for (named, closing) in self.all.iter().zip(closings) {
            let tallies = closing.wait();
            answer.sinks.extend(named.of(&tallies, None));
        }
        answer
    }
}

impl Named {
    fn answer(&self, failure: Option<&String>) -> BTreeMap<String, Sink> {
        self.of(&self.recorder.tallies(), failure)
    }

    fn of(&self, tallies: &Tallies, failure: Option<&String>) -> BTreeMap<String, Sink> {
        let losses = self.recorder.losses();
        let sink = |(name, sink): &(&str, &str)| {
            let tally = tallies.get(sink).unwrap();
            let lost = losses.iter().filter(|lost| &*lost.sink == *sink);
            let sink = Sink {
                failure: failure.cloned(),
                accepted: tally.accepted,
                written: tally.written,
                known: tally.duplicates,
                dropped: tally.dropped,
                aside: tally.aside,
                lost: lost.map(|lost| lost.n).sum(),
            };
            ((*name).to_owned(), sink)
        };
        self.sinks.iter().map(sink).collect()
    }
}

impl Observe for Recorders {
    fn observe(&self, exposure: &Exposure) {
        self.all().for_each(|recorder| recorder.observe(exposure));
    }

    fn alias(&self, alias: &Alias) {
        self.all().for_each(|recorder| recorder.alias(alias));
    }

    fn conversion(&self, conversion: &Conversion) {
        self.all()
            .for_each(|recorder| recorder.conversion(conversion));
    }

    fn define(&self, set: &Arc<Set>) {
        self.all().for_each(|recorder| recorder.define(set));
    }
}

fn files(settings: &Settings, is_hung: &Arc<AtomicBool>) -> Recorder {
    let store = Sqlite::open(settings.directory.join("facts.sqlite")).unwrap();
    let lines = JsonLines::new(settings.directory.join("facts.jsonl"));
    let builder = builder().store(store).sink(Gate::new(lines, is_hung));
    builder.start().unwrap()
}

fn postgres(uri: &str, runtime: &Handle) -> Recorder {
    let _inside = runtime.enter();
    let pool = PgPoolOptions::new().max_connections(4);
    let pool = pool.acquire_timeout(LIMIT).connect_lazy(uri).unwrap();
    let store = Postgres::builder(pool).schema(SCHEMA);
    let store = store.lock_timeout(LIMIT).operation_timeout(LIMIT);
    builder().store(store.lazy().unwrap()).start().unwrap()
}

fn builder() -> RecorderBuilder {
    Recorder::builder(Units::raw()).settle(Duration::from_secs(2))
}
