//! Through the bridge from `tracing` to OpenTelemetry, to its exporter.

use std::{collections::BTreeMap, sync::Arc};

use opentelemetry::logs::AnyValue;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::logs::{InMemoryLogExporter, SdkLogRecord, SdkLoggerProvider};
use tower_tracks::{
    Units,
    assign::Set,
    record::{FeatureFlagEvents, Lost, Record, Sink, SinkError, Taken},
    store::WriterRow,
};
use tracing::{Dispatch, dispatcher};
use tracing_subscriber::{layer::SubscriberExt, registry};

use super::{at, builder, convert, delay, expose, sign_in, units};

/// A sink whose events go to one subscriber, whatever that of the process is.
struct To<S>(Dispatch, S);

impl<S: Sink> Sink for To<S> {
    fn name(&self) -> &str {
        self.1.name()
    }

    fn begin(&mut self, writer: &WriterRow, units: &Units) -> Result<(), SinkError> {
        self.1.begin(writer, units)
    }

    fn define(&mut self, set: &Arc<Set>) {
        self.1.define(set);
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        dispatcher::with_default(&self.0, || self.1.write(records))
    }

    fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
        self.1.settle(losses)
    }
}

fn attributes(record: &SdkLogRecord) -> BTreeMap<String, String> {
    let text = |value: &AnyValue| match value {
        AnyValue::String(text) => text.to_string(),
        AnyValue::Int(number) => format!("{number}i"),
        other => panic!("{other:?}"),
    };
    let attributes = record.attributes_iter();
    attributes
        .map(|(key, value)| (key.to_string(), text(value)))
        .collect()
}

fn expected(attributes: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = attributes.iter();
    owned
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

const ALICE: &str = "eb663c7832d3a67138ebe4e1429c492a";

#[test]
fn opentelemetry_gets_events_by_their_names() {
    let exporter = InMemoryLogExporter::default();
    let provider = SdkLoggerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    let subscriber = registry().with(OpenTelemetryTracingBridge::new(&provider));
    let sink = FeatureFlagEvents::new().provider("shop");
    let sink = To(Dispatch::new(subscriber), sink);
    let (recorder, sets) = (builder(units()).sink(sink).start().unwrap(), delay());
    expose(&recorder, &sets, "alice", at(0));
    convert(&recorder, "alice", "purchase", at(1));
    sign_in(&recorder, "alice", "42", at(2));
    recorder.flush().wait().unwrap();

    let logs = exporter.get_emitted_logs().unwrap();
    let records: Vec<&SdkLogRecord> = logs.iter().map(|log| &log.record).collect();
    let [exposure, conversion, alias] = records[..] else {
        panic!("{records:?}")
    };
    for record in &records {
        assert!(record.body().is_none(), "{record:?}");
        assert_eq!(record.severity_text(), Some("INFO"));
        assert_eq!(&**record.target().unwrap(), "tower_tracks::events");
    }
    assert_eq!(exposure.event_name(), Some("feature_flag.evaluation"));
    let track = sets.assign("alice", &()).track().unwrap();
    let attributes_of_alice = [
        ("feature_flag.context.id", ALICE),
        ("feature_flag.key", "delay"),
        ("feature_flag.provider.name", "shop"),
        ("feature_flag.result.reason", "split"),
        ("feature_flag.result.variant", track),
        ("feature_flag.set.id", "delay"),
        ("feature_flag.version", "2"),
        ("tracks.at", "1773221213000000i"),
    ];
    assert_eq!(attributes(exposure), expected(&attributes_of_alice));

    assert_eq!(conversion.event_name(), Some("tracks.conversion"));
    let told = attributes(conversion);
    assert_eq!(told["tracks.goal"], "purchase");
    assert_eq!(told["tracks.value"], "19900000i");
    assert_eq!(told["feature_flag.context.id"], ALICE);
    assert_eq!(told["tracks.id"].len(), 32);

    assert_eq!(alias.event_name(), Some("tracks.alias"));
    assert_eq!(attributes(alias)["feature_flag.context.id"], ALICE);
}
