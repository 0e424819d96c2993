//! What a kind of units is: the same at every place where one comes in.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{Router, body::Body, routing::get};
use http::{HeaderName, Request};
use tower::ServiceExt;
use tower_tracks::{
    Goal, Goals, Key, KeySource, Observe, TracksLayer, Units,
    dashboard::{Access, Dashboard},
    event::{Alias, Conversion, GoalError},
    files::Import,
    middleware::{Force, ForceError, Override},
    record::Recorder,
    store::{Batch, Memory, RawUnitRow, Store, StoreErrorKind},
    testing::Exposures,
    unit::{Subject, Unit},
};

use crate::{
    cli::{Ran, SECRET, record as record_sqlite, tracks_of},
    import::check_bad,
    sinks::Folder,
    support::{always, body_text, send},
};

/// Kinds, and whether they are valid.
const TABLE: [(&str, bool); 11] = [
    ("user", true),
    ("*a1_.-", true),
    ("", false),
    ("User", false),
    ("1a", false),
    ("a b", false),
    ("a\0b", false),
    ("7:receipt", false),
    ("a,b", false),
    ("größe", false),
    (
        "x23456789_x23456789_x23456789_x23456789_x23456789_x23456789_x2345",
        false,
    ),
];

const RULE: &str = "1 to 64 of a-z, 0-9, `_`, `-`, `.` and `*`, the first of them a letter or `*`";

#[test]
fn a_recorder_records_no_invalid_kind() {
    for (kind, valid) in TABLE {
        let recorder = Recorder::builder(Units::raw()).store(Memory::default());
        let recorder = recorder.start().unwrap();
        let (alice, now) = (Key::from("alice"), SystemTime::now());
        let told = recorder.reached((kind, &alice), "purchase").once("17");
        let unit = kind.to_owned();
        assert_eq!(
            told,
            if valid {
                Ok(())
            } else {
                Err(GoalError::Unit { unit })
            }
        );

        // An observer cannot refuse: events of an invalid kind count as lost.
        let goal = Goal::new("purchase").unwrap();
        recorder.conversion(&Conversion::new((kind, &alice), goal.clone(), now));
        let unit = Subject::of_unit(kind, Unit::from_bytes([1; 16]));
        recorder.conversion(&Conversion::new(unit, goal, now));
        recorder.alias(&Alias::new(alice.clone(), kind, alice, now));
        let tallies = recorder.shutdown(Duration::from_secs(5)).wait();
        let dropped: u64 = tallies.iter().map(|(_, tally)| tally.dropped).sum();
        assert_eq!(dropped, if valid { 0 } else { 3 }, "{kind:?}");
    }
}

#[test]
fn a_receipt_names_no_invalid_kind() {
    for (kind, valid) in TABLE {
        let recorder = Recorder::builder(Units::raw()).store(Memory::default());
        let recorder = recorder.start().unwrap();
        let key = Subject::from((kind, &Key::from("alice")));
        let unit = Subject::of_unit(kind, Unit::from_bytes([1; 16]));
        for subject in [key, unit] {
            assert_eq!(subject.is_valid(), valid, "{kind:?}");
            let receipt = recorder.receipt(&[subject]);
            assert_eq!(receipt.is_some(), valid, "{kind:?}");
        }
    }
}

#[test]
fn a_store_keeps_no_invalid_kind() {
    for (kind, valid) in TABLE {
        let mut batch = Batch::default();
        let unit = Unit::from_bytes([1; 16]);
        let row = RawUnitRow::new(unit, kind.into(), (*b"alice").into());
        batch.raw_units.push(row);
        let written = Memory::default().write(&batch);
        let kinds = written.as_ref().err().map(|error| error.kind());
        assert_eq!(
            kinds,
            (!valid).then_some(StoreErrorKind::Refused),
            "{kind:?}"
        );
    }
}

#[test]
fn an_import_refuses_lines_of_invalid_kinds() {
    for (kind, valid) in TABLE {
        let (unit, kind) = ("01".repeat(16), kind.replace('\0', "\\u0000"));
        let line = format!(
            r#"{{"v":1,"type":"conversion","at":1000000,"goal":"purchase","kind":"{kind}","unit":"{unit}","id":"{unit}","value":0,"key":"alice"}}"#
        );
        let import = Import::json_lines(line.as_bytes());
        let imported = import.into_store(&Memory::default()).unwrap();
        let expected = format!("its kind is not {RULE}");
        let refused = [(1, &*expected)];
        check_bad(&imported, &refused[usize::from(valid)..]);
    }
}

#[test]
fn no_token_is_for_a_unit_of_an_invalid_kind() {
    let overrides = Override::new("0123456789abcdef").unwrap();
    for (kind, valid) in TABLE {
        let force = Force::new("delay", "on", UNIX_EPOCH).only_for(kind, "alice");
        let refused = overrides.mint(&force).err();
        let unit = kind.to_owned();
        assert_eq!(refused, (!valid).then_some(ForceError::Unit { unit }));
    }
}

/// The conversion belongs to the visitor: there is no user.
#[tokio::test]
async fn a_layer_looks_for_no_key_of_an_invalid_kind() {
    for (kind, valid) in TABLE {
        let exposures = Exposures::default();
        let layer = TracksLayer::new(always("delay"))
            .key(KeySource::cookie("id"))
            .key_of(
                kind,
                KeySource::trusted_header(HeaderName::from_static("x-id")),
            )
            .observe(exposures.clone());
        let buy = async |goals: Goals| goals.reached("purchase").once("17").unwrap();
        let app: Router = Router::new().route("/", get(buy)).layer(layer);
        send::<_, Body>(app, "GET", "/", &[("cookie", "id=alice"), ("x-id", "42")]).await;
        let conversions = exposures.take_conversions();
        let kinds: Vec<&str> = conversions.iter().map(|one| one.subject().kind()).collect();
        assert_eq!(kinds, [if valid { kind } else { "visitor" }]);
    }
}

#[test]
fn a_command_erases_no_unit_of_an_invalid_kind() {
    let folder = Folder::new();
    let store = folder.join("store.sqlite");
    record_sqlite(&store, Units::pseudonym(SECRET).unwrap(), |_| {});
    // No argument has a zero byte.
    for (kind, valid) in TABLE.into_iter().filter(|(kind, _)| !kind.contains('\0')) {
        let erase = ["erase", kind, "--yes", "--key", "alice"];
        let ran = Ran::of(tracks_of(&store, &erase).env("TRACKS_SECRET", SECRET));
        assert_eq!(ran.err.contains(RULE), !valid, "{ran:?}");
        assert_eq!(ran.exit, if valid { 0 } else { 2 }, "{ran:?}");
    }
}

#[tokio::test]
async fn the_dashboard_looks_up_no_unit_of_an_invalid_kind() {
    let units = Units::pseudonym(SECRET).unwrap();
    let dashboard = Dashboard::new(Arc::new(Memory::default()), |_: &_| Access::Read);
    let router = dashboard.units(units.clone()).into_router();
    // Nothing typed is the visitor.
    for (kind, valid) in TABLE.into_iter().filter(|(kind, _)| !kind.is_empty()) {
        let typed: String = kind.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let request =
            Request::post("/unit").header("content-type", "application/x-www-form-urlencoded");
        let request = request.body(Body::from(format!("kind={typed}&key=alice")));
        let response = router.clone().oneshot(request.unwrap()).await.unwrap();
        let location = response.headers()["location"].to_str().unwrap().to_owned();
        let unit = units.unit(kind, &Key::from("alice"));
        match valid {
            true => assert_eq!(location, format!("unit?id={unit}")),
            false => assert_eq!(location, "unit?id=no-kind", "{kind:?}"),
        }
    }
    let page = send(router, "GET", "/unit?id=no-kind", &[]).await;
    let page = body_text(page).await;
    assert!(page.contains("a kind is 1 to 64 of a-z"), "{page}");
}
