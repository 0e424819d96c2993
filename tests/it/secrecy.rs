//! No public type shows a key or a secret, in whatever form it is written.

use std::{
    fmt::Debug,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tower_tracks::{
    Assignments, Exposure, Goal, Key, KeySource, Observe, SimpleTrackSet, TracksLayer, Units,
    VisitorCookie,
    event::{Alias, Conversion},
    files::Import,
    middleware::{Force, Mask, Override, Propagation},
    record::{Record, Recorder, SinkError},
    store::{
        AsideRow, Batch, ExposureRow, Memory, RawUnitRow, Store, StoreError, StoreErrorKind,
        Timestamp,
    },
    testing::Exposures,
    unit::{CookieSigning, Subject},
};

/// A key, which is also a secret, and long enough for both of its forms in memory.
const SECRETS: [&str; 2] = [
    "alice@shop.example",
    "alice-in-wonderland-and-elsewhere@shop.example",
];

/// Refuses each form of a value that shows a secret: as text, as its bytes in decimals, or in
/// hexadecimal digits.
#[track_caller]
fn check(what: &str, value: &dyn Debug, secret: &str) {
    let decimals = |separator: &str| {
        let bytes: Vec<_> = secret.bytes().take(6).map(|it| it.to_string()).collect();
        bytes.join(separator)
    };
    let hex: String = secret
        .bytes()
        .take(6)
        .map(|it| format!("{it:02x}"))
        .collect();
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        // Bytes on lines of their own.
        let squeezed: String = shown.split_whitespace().collect();
        assert!(!shown.contains(&secret[..6]), "{what}: {shown}");
        assert!(!shown.contains(&decimals(", ")), "{what}: {shown}");
        assert!(!squeezed.contains(&decimals(",")), "{what}: {shown}");
        assert!(!shown.to_lowercase().contains(&hex), "{what}: {shown}");
    }
}

/// Returns a batch in which the key of a unit is, and the row itself.
fn batch(key: &Key<'_>) -> (Batch, RawUnitRow) {
    let row = RawUnitRow::new(
        Units::raw().unit("visitor", key),
        "visitor".into(),
        key.as_bytes().into(),
    );
    let mut batch = Batch::default();
    batch.raw_units.push(row.clone());
    (batch, row)
}

#[test]
fn facts_and_rows() {
    for secret in SECRETS {
        let (key, now) = (Key::from(secret), SystemTime::now());
        let set = SimpleTrackSet::new("delay").track("long", 1_u8);
        let sets = set.build().unwrap();
        let exposure = Exposure::new(sets.assign(key.clone(), &()), key.clone(), now).unwrap();
        let goal = Goal::new("purchase").unwrap();
        let conversion = Conversion::new(&key, goal, now).once(secret);
        let alias = Alias::new(key.clone(), "user", key.clone(), now);
        let unit = Units::raw().unit("visitor", &key);
        let (batch, row) = batch(&key);
        let memory = Memory::default();
        memory.write(&batch).unwrap();
        let history = memory.history(row.unit).unwrap();
        assert!(history.raw.is_some());
        let records = [
            Record::Exposure {
                exposure: exposure.clone(),
                unit,
            },
            Record::Conversion {
                conversion: conversion.clone(),
                unit,
                id: [0; 16],
            },
            Record::Alias {
                alias: alias.clone(),
                visitor: unit,
                user: unit,
            },
        ];
        let shown: [(&str, &dyn Debug); 13] = [
            ("Key", &key),
            ("Key of parts", &Key::parts([secret, secret])),
            ("Choice", &sets.assign(key.clone(), &())),
            ("Exposure", &exposure),
            ("Exposure, as text", &exposure.to_string()),
            ("Conversion", &conversion),
            ("Alias", &alias),
            ("Subject", &Subject::from(("user", &key))),
            ("RawUnitRow", &row),
            ("Batch", &batch),
            ("History", &history),
            ("Records", &records),
            ("Memory", &memory),
        ];
        for (what, value) in shown {
            check(what, value, secret);
        }
    }
}

/// The errors of a batch that a store cannot write.
#[test]
fn errors() {
    for secret in SECRETS {
        let (mut batch, row) = batch(&Key::from(secret));
        let exposure = ExposureRow::new(7, row.unit, Timestamp::MIN, 7);
        batch.exposures.push(exposure);
        let error = Memory::default().write(&batch).unwrap_err();
        check("StoreError", &error, secret);
        check("its text", &error.to_string(), secret);
        check("SinkError", &SinkError::from(error), secret);
        let refused = Units::pseudonym(&secret[..8]).unwrap_err();
        check("SecretError", &refused, secret);
        check("its text", &refused.to_string(), secret);
        let recorder = Recorder::builder(Units::raw()).start().unwrap();
        check(
            "ReceiptError",
            &recorder.redeem(secret).unwrap_err(),
            secret,
        );
        let reason = StoreError::new(StoreErrorKind::Refused, "no");
        let aside = AsideRow::new(Timestamp::MIN, reason.to_string().into(), "{}".into());
        check("AsideRow", &aside, secret);
    }
}

#[test]
fn handles_of_an_application() {
    for secret in SECRETS {
        let key = Key::from(secret);
        let (units, mask) = (
            Units::pseudonym(secret).unwrap(),
            Mask::new(secret).unwrap(),
        );
        let overrides = Override::new(secret).unwrap().also(secret).unwrap();
        let expires = SystemTime::now() + Duration::from_secs(60);
        let force = Force::new("delay", "long", expires).only_for("visitor", &key);
        let set = SimpleTrackSet::new("delay").track("long", 1_u8);
        let layer = TracksLayer::new(set.build().unwrap())
            .key([KeySource::visitor(VisitorCookie::default())]);
        let layer = layer.overrides(overrides.clone()).mask(mask.clone());
        let signing = CookieSigning::new(secret).unwrap().also(secret).unwrap();
        let layer = layer.sign(signing.clone());
        let propagation = Propagation::new(secret).unwrap();
        let source = KeySource::propagated(propagation.clone(), "visitor");
        let layer = layer.propagate(propagation.clone());
        let layer = layer.accept_propagated(propagation.clone());
        let builder = Recorder::builder(units.clone()).store(Memory::default());
        let (token, now) = (overrides.mint(&force).unwrap(), SystemTime::now());
        let import = Import::json_lines(secret.as_bytes());
        let shown: [(&str, &dyn Debug); 11] = [
            ("Units", &units),
            ("Mask", &mask),
            ("Override", &overrides),
            ("Propagation", &propagation),
            ("KeySource", &source),
            ("CookieSigning", &signing),
            ("Force", &force),
            ("Forced", &overrides.verify(&token, now)),
            ("TracksLayer", &layer),
            ("RecorderBuilder", &builder),
            ("Import", &import),
        ];
        for (what, value) in shown {
            check(what, value, secret);
        }
        let recorder = builder.start().unwrap();
        let reached = recorder.reached(("user", &key), "purchase");
        check("Reached", &reached, secret);
        check(
            "Subjects",
            &tower_tracks::record::Subjects::from(&key),
            secret,
        );
        let receipt = recorder.receipt(&[Subject::from(&key)]).unwrap();
        check("Receipt", &recorder.redeem(&receipt).unwrap(), secret);
        check("Recorder", &recorder, secret);
        check("Flush", &recorder.flush(), secret);
    }
}

#[tokio::test]
async fn extensions_of_a_request() {
    for secret in SECRETS {
        let shown = Arc::new(std::sync::Mutex::new(Vec::new()));
        let keep = shown.clone();
        let handler = async move |assignments: Assignments| {
            let assignment = assignments.iter().next().unwrap();
            assignment.track();
            let mut keep = keep.lock().unwrap();
            keep.push(format!(
                "{assignments:?} {assignment:?} {:?}",
                assignments.goals()
            ));
        };
        let observed = Exposures::default();
        let set = SimpleTrackSet::new("delay").track("long", 1_u8);
        let layer = TracksLayer::new(set.build().unwrap()).key(KeySource::cookie("id"));
        let app: axum::Router = axum::Router::new()
            .route("/", axum::routing::get(handler))
            .layer(layer.observe(observed.clone()));
        let cookie = format!("id={secret}");
        crate::support::send(app, "GET", "/", &[("cookie", &cookie)]).await;
        assert_eq!(observed.iter().count(), 1);
        check("Exposures", &observed, secret);
        check("what a handler sees", &*shown.lock().unwrap(), secret);
    }
}
