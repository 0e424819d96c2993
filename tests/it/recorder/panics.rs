//! A closure, a sink or a store of the application that panics.

use std::{
    collections::BTreeMap,
    error::Error,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::{Duration, Instant, SystemTime},
};

use axum::{Router, routing::get as on_get};
use http::{StatusCode, header::COOKIE, request::Parts};
use tower_http::catch_panic::CatchPanicLayer;
use tower_tracks::{
    Assignment, Consent, Exclusion, Exposure, Key, KeySource, MultiTrackSet, Observe,
    SimpleTrackSet, TracksLayer, Units,
    event::Outcome,
    middleware::Clock,
    record::{Record, Recorder, Sink, SinkError, Taken},
    store::{LostReason, Memory, Store, WriterRow},
};

use super::{LONG, builder, delay, exposure, phase_of_delay, units};
use crate::support::{Observed, always, get, layer, send};

const VISITORS: u64 = 60;

/// Returns the number of a request's visitor, in the cookie `id`.
fn number(parts: &Parts) -> u64 {
    let cookie = parts.headers[COOKIE].to_str().unwrap();
    cookie.strip_prefix("id=").unwrap().parse().unwrap()
}

/// Returns whether a closure panics at a visitor.
fn is_bad(number: u64) -> bool {
    number.is_multiple_of(3)
}

fn panic_at(parts: &Parts) {
    assert!(!is_bad(number(parts)), "at a third of all visitors");
}

fn panic_at_long(exposure: &Exposure) {
    assert_ne!(exposure.track(), "long", "at one track");
}

/// A layer whose closure panics, and whether that is on the way to the handler.
struct Case {
    name: &'static str,
    layer: fn(Recorder) -> TracksLayer,
    costs_requests: bool,
}

const CASES: [Case; 9] = [
    Case {
        name: "a key source",
        layer: |recorder| {
            let key = |parts: &Parts| {
                panic_at(parts);
                Some(Key::from(number(parts)))
            };
            TracksLayer::new(delay())
                .key(KeySource::from_fn(key))
                .observe(recorder)
        },
        costs_requests: true,
    },
    Case {
        name: "eligibility",
        layer: |recorder| {
            let set = SimpleTrackSet::new("delay").track("short", 500_u64);
            let set = set.track("long", 2000_u64);
            let set = set.eligible(|parts: &Parts| {
                panic_at(parts);
                true
            });
            let layer = TracksLayer::new(set.build().unwrap()).key(KeySource::cookie("id"));
            layer.observe(recorder)
        },
        costs_requests: true,
    },
    Case {
        name: "consent",
        layer: |recorder| {
            layer(delay()).observe(recorder).consent(|parts| {
                panic_at(parts);
                Consent::Granted
            })
        },
        costs_requests: true,
    },
    Case {
        name: "an exclusion",
        layer: |recorder| {
            let exclusion = Exclusion::none().when(|parts| {
                panic_at(parts);
                false
            });
            layer(delay()).observe(recorder).exclude(exclusion)
        },
        costs_requests: true,
    },
    Case {
        name: "an observer before the recorder",
        layer: |recorder| layer(delay()).observe((panic_at_long, recorder)),
        costs_requests: false,
    },
    Case {
        name: "an observer behind the recorder",
        layer: |recorder| layer(delay()).observe((recorder, panic_at_long)),
        costs_requests: false,
    },
    Case {
        name: "an observer around pairs",
        layer: |recorder| layer(delay()).observe(((panic_at_long, panic_at_long), recorder)),
        costs_requests: false,
    },
    Case {
        name: "a clock",
        layer: |recorder| {
            let calls = AtomicU64::new(0);
            let clock = Clock::from_fn(move || {
                assert_ne!(calls.fetch_add(1, SeqCst) % 5, 3, "at a fifth of all calls");
                SystemTime::now()
            });
            layer(delay()).observe(recorder).clock(clock)
        },
        costs_requests: false,
    },
    Case {
        name: "the closure of errors",
        layer: |recorder| layer(delay()).observe(recorder),
        costs_requests: false,
    },
];

/// Each visitor makes one request; each response has one recorded exposure.
#[tokio::test]
async fn of_closures_cost_at_most_the_request_and_no_track_more_than_others() {
    for case in CASES {
        let store = Arc::new(Memory::default());
        let recorder = builder().errors(|exposure| {
            panic_at_long(exposure);
            false
        });
        let recorder = recorder.store(store.clone()).start().unwrap();
        let app: Router = Router::new()
            .route(
                "/",
                on_get(async |it: Assignment| it.track().unwrap_or("").to_owned()),
            )
            .layer((case.layer)(recorder.clone()))
            .layer(CatchPanicLayer::new());
        for number in 0..VISITORS {
            let cookie = format!("id={number}");
            let response = send(app.clone(), "GET", "/", &[("cookie", &cookie)]).await;
            let failed = response.status() == StatusCode::INTERNAL_SERVER_ERROR;
            assert_eq!(
                failed,
                case.costs_requests && is_bad(number),
                "{}",
                case.name
            );
        }
        check(&case, &recorder, &store).await;
    }
}

async fn check(case: &Case, recorder: &Recorder, store: &Memory) {
    let name = case.name;
    let tally = recorder.flush().await.unwrap().get("store").unwrap();
    let answered = (0..VISITORS).filter(|number| !(case.costs_requests && is_bad(*number)));
    assert_eq!(
        tally.written,
        answered.clone().count() as u64,
        "{name}: {tally}"
    );
    assert_eq!((tally.dropped, tally.aside), (0, 0), "{name}: {tally}");
    assert_eq!(recorder.losses(), [], "{name}");
    for number in answered {
        let key = Key::from(number);
        let history = store.history(units().unit("visitor", &key)).unwrap();
        let met: Vec<&str> = history
            .exposures
            .iter()
            .map(|(_, it, _)| &*it.track)
            .collect();
        let expected = delay().assign(key, &()).track().unwrap().to_owned();
        assert_eq!(met, [expected], "{name}: {number}");
    }
    // Judged by their outcome, where the closure did not: none is an error.
    let sums = store.sums(&phase_of_delay()).unwrap().into_values();
    let sums = sums.fold((0, 0), |(requests, errors), sums| {
        (requests + sums.requests, errors + sums.errors)
    });
    assert_eq!(sums, (tally.written, 0), "{name}");
}

/// A panic while a panic unwinds would abort the program.
#[tokio::test]
async fn of_a_clock_in_a_request_that_panics_is_told_as_the_one_of_the_request() {
    let is_armed = Arc::new(AtomicBool::new(false));
    let armed = is_armed.clone();
    let clock = Clock::from_fn(move || {
        assert!(!armed.load(SeqCst), "once the handler has begun");
        SystemTime::now()
    });
    let observed = Observed::default();
    let handler = async move |assignment: Assignment| -> () {
        assignment.track();
        is_armed.store(true, SeqCst);
        panic!("by the handler");
    };
    let app: Router = Router::new()
        .route("/", on_get(handler))
        .layer(
            layer(always("delay"))
                .observe(observed.clone())
                .clock(clock),
        )
        .layer(CatchPanicLayer::new());
    let response = get(app, "/").await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let outcomes: Vec<_> = observed.take().iter().map(Exposure::outcome).collect();
    assert_eq!(outcomes, [Some(Outcome::Panicked)]);
}

/// A sink that panics at one track, and whenever it is to settle.
struct Panics {
    track: &'static str,
    settles: bool,
}

impl Sink for Panics {
    fn name(&self) -> &str {
        if self.settles {
            "panics-settling"
        } else {
            "panics-at-a-track"
        }
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        for record in records {
            if let Record::Exposure { exposure, .. } = record {
                assert_ne!(exposure.track(), self.track, "at a track");
            }
        }
        Ok(Taken {
            written: records.len() as u64,
            ..Taken::default()
        })
    }

    fn settle(&mut self, _: &[tower_tracks::record::Lost]) -> Result<(), SinkError> {
        assert!(!self.settles, "while it settles");
        Ok(())
    }
}

fn met(sets: &MultiTrackSet, keys: u64) -> BTreeMap<String, u64> {
    let mut met = BTreeMap::new();
    for key in 0..keys {
        let track = sets.assign(key, &()).track().unwrap().to_owned();
        *met.entry(track).or_default() += 1;
    }
    met
}

#[test]
fn of_a_sink_are_counted_by_track_and_said_once() {
    let log = crate::log::Log::start();
    let sink = Panics {
        track: "long",
        settles: false,
    };
    let recorder = builder().sink(sink).start().unwrap();
    let sets = delay();
    for key in 0..60_u64 {
        recorder.observe(&exposure(&sets, key));
    }
    recorder.flush().wait().unwrap();
    let losses = recorder.losses();
    let [lost] = &losses[..] else {
        panic!("{losses:?}");
    };
    assert_eq!(lost.reason, LostReason::Unwritable);
    let track = &lost.track.as_ref().unwrap().track;
    let met = met(&sets, 60);
    assert_eq!((&**track, lost.n), ("long", met["long"]));
    let tally = recorder.tallies().get("panics-at-a-track").unwrap();
    assert_eq!((tally.written, tally.waiting()), (60 - lost.n, 0));
    assert_eq!(
        log.everywhere("the sink panics-at-a-track panicked").len(),
        1
    );
}

/// Sums are no reason for events to wait longer and longer.
#[test]
fn of_a_sink_that_settles_hold_up_no_event() {
    let sink = Panics {
        track: "",
        settles: true,
    };
    let recorder = builder().settle(Duration::ZERO).sink(sink).start().unwrap();
    let (sets, begun) = (delay(), Instant::now());
    for key in 0..20_u64 {
        recorder.observe(&exposure(&sets, key));
        while recorder.tallies().get("panics-settling").unwrap().written <= key {
            assert!(begun.elapsed() < LONG, "{key}");
            std::thread::yield_now();
        }
    }
}

/// Notes that it was dropped, as when its thread has ended.
struct Dropped(Arc<AtomicBool>);

impl Sink for Dropped {
    fn name(&self) -> &str {
        "dropped"
    }

    fn write(&mut self, _: &[Record]) -> Result<Taken, SinkError> {
        Ok(Taken::default())
    }
}

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

/// A sink that will not begin.
struct Unwilling;

impl Sink for Unwilling {
    fn name(&self) -> &str {
        "unwilling"
    }

    fn begin(&mut self, _: &WriterRow, _: &Units) -> Result<(), SinkError> {
        Err(SinkError::refused("no"))
    }

    fn write(&mut self, _: &[Record]) -> Result<Taken, SinkError> {
        Ok(Taken::default())
    }
}

#[test]
fn a_recorder_that_does_not_start_leaves_no_sink_behind() {
    let is_dropped = Arc::new(AtomicBool::new(false));
    let recorder = builder().sink(Dropped(is_dropped.clone())).sink(Unwilling);
    let error = recorder.start().unwrap_err();
    assert_eq!(error.to_string(), "unwilling could not start: no");
    assert!(is_dropped.load(SeqCst));
}

/// An error that panics when it is written.
#[derive(Debug)]
struct Unspeakable;

impl fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("while it is written");
    }
}

impl Error for Unspeakable {}

/// A sink that fails so many times, by such errors.
struct FailsUnspeakably(u32);

impl Sink for FailsUnspeakably {
    fn name(&self) -> &str {
        "unspeakable"
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        if let Some(left) = self.0.checked_sub(1) {
            self.0 = left;
            return Err(SinkError::transient(Unspeakable));
        }
        Ok(Taken {
            written: records.len() as u64,
            ..Taken::default()
        })
    }
}

/// The thread of a sink goes on after a panic beside the calls of the sink.
#[test]
fn of_an_error_that_is_written_ends_no_thread() {
    let recorder = builder().sink(FailsUnspeakably(3)).start().unwrap();
    let (sets, begun) = (delay(), Instant::now());
    for key in 0..20_u64 {
        recorder.observe(&exposure(&sets, key));
    }
    // The failure has no text.
    let failed = recorder.flush();
    while recorder.tallies().get("unspeakable").unwrap().written < 20 {
        assert!(begun.elapsed() < LONG, "{:?}", recorder.tallies());
        std::thread::yield_now();
    }
    drop(failed);
    recorder.flush().wait().unwrap();
    assert_eq!(recorder.losses(), []);
}
