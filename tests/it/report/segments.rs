//! Results by segment, from a layer to the report.

use std::{sync::Arc, time::Duration};

use axum::{Router, routing::get};
use http::request::Parts;
use tower_tracks::{
    Assignment, FromParts, Goals, KeySource, Metric, Plan, SimpleTrackSet, TracksLayer,
    record::Recorder,
    report::{Answer, PhaseReport, Reporter, SegmentReport},
    store::{Memory, Store, Timestamp},
};

use super::{
    super::support::send,
    shop::{only, units},
};

/// A visitor with a device, by a header.
struct Visitor {
    device: String,
}

impl FromParts for Visitor {
    fn from_parts(parts: &Parts) -> Self {
        let device = parts
            .headers
            .get("x-device")
            .and_then(|value| value.to_str().ok());
        Self {
            device: device.unwrap_or_default().to_owned(),
        }
    }
}

/// Lets visitors with one of these devices come, of whom those buy for which it says so.
async fn phase(
    devices: &[&str],
    buys: impl Fn(usize, &str, &str) -> bool + Copy + Send + Sync + 'static,
) -> PhaseReport {
    let store = Arc::new(Memory::default());
    let recorder = Recorder::builder(units())
        .queue(50_000)
        .store(store.clone());
    let recorder = recorder.start().unwrap();
    let plan = Plan::default().primary(Metric::rate("purchase").window(Duration::from_secs(1)));
    let set = SimpleTrackSet::new("pricing")
        .track("cheap", ())
        .segment("device", |visitor: &Visitor| &visitor.device)
        .plan(plan);
    let layer = TracksLayer::new(set.build().unwrap())
        .key(KeySource::cookie("id"))
        .observe(recorder.clone());
    let handler = async move |assignment: Assignment, goals: Goals, parts: Parts| {
        let visitor: usize = parts.uri.path()[1..].parse().unwrap();
        let device = Visitor::from_parts(&parts).device;
        if buys(visitor, &device, assignment.track().unwrap()) {
            goals.reached("purchase").every_time().unwrap();
        }
    };
    let app = Router::new().route("/{visitor}", get(handler)).layer(layer);
    for visitor in 0..1200 {
        let cookie = format!("id=visitor-{visitor}");
        let device = devices[visitor % devices.len()];
        let headers = [("cookie", &*cookie), ("x-device", device)];
        send(app.clone(), "GET", &format!("/{visitor}"), &headers).await;
    }
    recorder.shutdown(Duration::from_secs(30)).await;
    let later = Timestamp::now().plus(Duration::from_secs(60));
    only(Reporter::new(&*store, later).compute().unwrap())
}

fn names(phase: &PhaseReport) -> Vec<(&str, u64)> {
    let segments = phase.segments.as_ref().unwrap().segments.iter();
    let units = |segment: &SegmentReport| segment.tracks.iter().map(|track| track.units).sum();
    segments
        .map(|segment| (&*segment.name, units(segment)))
        .collect()
}

#[tokio::test]
async fn an_effect_in_one_segment_is_seen_there() {
    // Phones buy twice as often if it is cheap.
    let buys = |visitor: usize, device: &str, track: &str| match (device, track) {
        ("mobile", "cheap") => visitor.is_multiple_of(2) || visitor.is_multiple_of(5),
        _ => visitor.is_multiple_of(4),
    };
    let phase = phase(&["mobile", "desktop", "mobile"], buys).await;
    assert_eq!(names(&phase), [("mobile", 800), ("desktop", 400)]);
    let segments = phase.segments.as_ref().unwrap();
    assert_eq!(
        (segments.dimension.as_deref(), segments.without),
        (Some("device"), 0)
    );
    let cheap = |segment: usize| {
        let tracks = &segments.segments[segment].goals[0].tracks;
        tracks[1].compared.as_ref().and_then(Answer::known).unwrap()
    };
    let (mobile, desktop) = (cheap(0), cheap(1));
    assert!(mobile.adjusted_p.unwrap() < 0.05 && desktop.adjusted_p.unwrap() > 0.05);
    // Two comparisons: the smaller p counts twice (Benjamini and Hochberg).
    assert!((mobile.adjusted_p.unwrap() - 2.0 * mobile.p).abs() < 1e-12);
    let same = segments.goals[0].same[1]
        .as_ref()
        .and_then(Answer::known)
        .unwrap();
    assert!(same.p < 0.01 && same.segments == 2, "{same:?}");
    let ratio = |segment: &SegmentReport| *segment.sample_ratio_p.known().unwrap();
    assert!(
        segments
            .segments
            .iter()
            .all(|segment| ratio(segment) > 0.01)
    );
    let text = phase.to_text();
    assert!(text.contains("By device."), "{text}");
    assert!(
        text.contains("the effect may differ between 2 segments"),
        "{text}"
    );
    // Each unit is in one segment, so they add up.
    let units: u64 = names(&phase).iter().map(|(_, units)| units).sum();
    assert_eq!(units, phase.units);
}

#[tokio::test]
async fn the_ninth_segment_and_invalid_ones_are_others() {
    let devices = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "no name"];
    let phase = phase(&devices, |visitor, _, _| visitor.is_multiple_of(3)).await;
    let own = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|name| (name, 120));
    assert_eq!(names(&phase), [&own[..], &[("other", 240)]].concat());
    let json = serde_json::to_string(&phase).unwrap();
    assert_eq!(serde_json::from_str::<PhaseReport>(&json).unwrap(), phase);
}

/// A segment that depends on the track has the wrong units, which the report says.
#[test]
fn a_segment_with_the_wrong_units_is_warned_about() {
    let shop = super::shop::Shop::new(super::shop::pricing(super::shop::plan()));
    let sets = &shop.sets;
    let mut batch = tower_tracks::store::Batch::default();
    let phase = batch.phase(&super::shop::phase_of(sets));
    let definition = super::shop::definition_of(sets.sets().next().unwrap(), phase);
    batch.definitions.push(definition);
    let segments = [
        batch.segment(&"seen".into()),
        batch.segment(&"unseen".into()),
    ];
    let writer = tower_tracks::store::WriterRow::new([7; 16], super::shop::day(0));
    let writer = batch.writer(&writer);
    for n in 0..2000_u16 {
        let is_cheap = n % 2 == 0;
        let track = tower_tracks::store::TrackName {
            phase: super::shop::phase_of(sets),
            track: if is_cheap { "cheap" } else { "control" }.into(),
            control: !is_cheap,
        };
        let track = batch.track(&track);
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&n.to_be_bytes());
        let unit = tower_tracks::unit::Unit::from_bytes(bytes);
        let mut row =
            tower_tracks::store::ExposureRow::new(track, unit, super::shop::day(1), writer);
        // A page that asks who is cheap what device they have.
        row.segment = Some(segments[usize::from(is_cheap && n % 3 == 0)]);
        batch.exposures.push(row);
    }
    shop.store.write(&batch).unwrap();
    let text = shop.report().to_text();
    let warning = "In unseen, the tracks do not have the units they should have";
    assert!(text.contains(warning), "{text}");
}
