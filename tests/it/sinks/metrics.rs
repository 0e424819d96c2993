use std::{collections::BTreeMap, time::Duration};

use axum::{Router, routing::get};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use tower_tracks::{
    Assignments, KeySource, TracksLayer, Units,
    record::{Lost, Metrics, Record, Sink, SinkError, Taken},
    store::WriterRow,
};

use super::{
    super::support::{ALICE, send},
    at, builder, convert, delay, expose, units,
};

/// A sink whose metrics go to one recorder, whatever that of the process is.
struct To(DebuggingRecorder, Metrics);

impl Sink for To {
    fn name(&self) -> &str {
        self.1.name()
    }

    fn begin(&mut self, writer: &WriterRow, units: &Units) -> Result<(), SinkError> {
        ::metrics::with_local_recorder(&self.0, || self.1.begin(writer, units))
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        ::metrics::with_local_recorder(&self.0, || self.1.write(records))
    }

    fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
        ::metrics::with_local_recorder(&self.0, || self.1.settle(losses))
    }
}

fn to(metrics: Metrics) -> (To, Snapshotter) {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    (To(recorder, metrics), snapshotter)
}

/// Returns the counters, and the number of values in histograms, by name and labels.
fn counted(snapshotter: &Snapshotter) -> BTreeMap<String, u64> {
    let all = snapshotter.snapshot().into_vec().into_iter();
    let tell =
        |(key, unit, description, value): (metrics_util::CompositeKey, Option<_>, Option<_>, _)| {
            assert!(unit.is_some() && description.is_some(), "{key:?}");
            let key = key.key();
            let labels: Vec<String> = key
                .labels()
                .map(|label| format!("{}={}", label.key(), label.value()))
                .collect();
            let value = match value {
                DebugValue::Counter(n) => n,
                DebugValue::Histogram(values) => values.len() as u64,
                DebugValue::Gauge(_) => panic!("there is no gauge"),
            };
            (format!("{}{{{}}}", key.name(), labels.join(",")), value)
        };
    all.map(tell).collect()
}

#[tokio::test]
async fn exposures_and_conversions_are_counted() {
    let (sink, snapshotter) = to(Metrics::new());
    let (recorder, sets) = (builder(units()).sink(sink).start().unwrap(), delay());
    let track = sets.assign("alice", &()).track().unwrap().to_owned();
    let layer = TracksLayer::new(sets).key(KeySource::cookie("id"));
    let read = async |assignments: Assignments| {
        assert!(assignments.iter().all(|one| one.track().is_some()));
    };
    let app: Router = Router::new()
        .route("/", get(read))
        .layer(layer.observe(recorder.clone()));
    for _ in 0..3 {
        send(app.clone(), "GET", "/", &[("cookie", ALICE)]).await;
    }
    expose(&recorder, &delay(), "alice", at(0));
    convert(&recorder, "alice", "purchase", at(1));
    recorder.flush().await.unwrap();
    let labels = format!("set=delay,phase=2,track={track}");
    let expected = BTreeMap::from([
        (
            format!("tracks_exposures_total{{{labels},outcome=completed}}"),
            3,
        ),
        (
            format!("tracks_exposures_total{{{labels},outcome=none}}"),
            1,
        ),
        (format!("tracks_request_duration_seconds{{{labels}}}"), 3),
        ("tracks_conversions_total{goal=purchase}".to_owned(), 1),
    ]);
    assert_eq!(counted(&snapshotter), expected);
}

#[test]
fn labels_are_few() {
    let (sink, snapshotter) = to(Metrics::new().labels(2));
    let recorder = builder(units()).sink(sink).start().unwrap();
    for n in 0..100 {
        convert(&recorder, "alice", &format!("goal-{n}"), at(1));
    }
    recorder.flush().wait().unwrap();
    let mut values: Vec<u64> = counted(&snapshotter).into_values().collect();
    values.sort_unstable();
    assert_eq!(values, [1, 1, 98]);
}

#[test]
fn each_lost_event_is_counted_once() {
    let (sink, snapshotter) = to(Metrics::new());
    let recorder = builder(units()).queue(1).sink(sink).start().unwrap();
    let sets = delay();
    let mut counted_lost = 0;
    for round in 0..3 {
        for n in 0..10_000 {
            expose(&recorder, &sets, &format!("{round} {n}"), at(0));
        }
        recorder.flush().wait().unwrap();
        // Asked again, when nothing was lost since.
        convert(&recorder, "alice", "purchase", at(0));
        recorder.flush().wait().unwrap();
        // A snapshot takes what it shows.
        let counted = counted(&snapshotter).into_iter();
        let lost = counted.filter(|(name, _)| name.starts_with("tracks_lost_total{sink=metrics,"));
        counted_lost += lost.map(|(_, n)| n).sum::<u64>();
    }
    let lost: u64 = recorder.losses().iter().map(|lost| lost.n).sum();
    assert!(lost > 0);
    let _ = recorder.shutdown(Duration::from_secs(1)).wait();
    assert_eq!(counted_lost, lost);
}
