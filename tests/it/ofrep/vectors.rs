//! Receipts as another program writes them: `tests/vectors/ofrep/receipts.py`.

use serde::Deserialize;
use serde_json::json;
use tower_tracks::{Holdout, KeySource, SimpleTrackSet, testing::FixedClock};

use super::*;

#[derive(Deserialize)]
struct Case {
    now: u64,
    key: String,
    track: String,
    coin: Option<u8>,
    segment: Option<String>,
    holdout: bool,
    expires: u64,
    receipt: String,
}

#[tokio::test]
async fn receipts_are_those_of_python() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../vectors/ofrep/receipts.json")).unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let (observed, clock) = (observed(), FixedClock::new(at(case.now)));
        let set = SimpleTrackSet::new("delay")
            .track("short", 500)
            .track("long", 2000);
        let segment = case.segment.clone().unwrap_or_default();
        let set = set.segment("device", move |_: &()| {
            Box::leak(segment.clone().into_boxed_str())
        });
        let layer =
            layer(set.build().unwrap(), observed.clone(), &clock).key(KeySource::cookie("id"));
        let layer = layer.holdout(Holdout::new("q4", 0.05)).unwrap();
        let app = router(&layer);
        assert_eq!(
            send_back(&app, &[&case.receipt]).await.body,
            json!({ "counted": 1, "refused": [] })
        );
        let exposures = observed.take();
        let exposure = &exposures[0];
        assert_eq!((exposure.set(), exposure.track()), ("delay", &*case.track));
        assert_eq!(exposure.choice().coin(), case.coin.map(|coin| coin == 1));
        assert_eq!(exposure.choice().segment(), case.segment.as_deref());
        assert_eq!(exposures.len(), 1 + usize::from(case.holdout));
        clock.advance(Duration::from_secs(case.expires - case.now));
        let expired = send_back(&app, &[&case.receipt]).await;
        assert_eq!(
            expired.body["refused"][0]["reason"], "expired",
            "{}",
            case.key
        );
    }
}

/// And we write what Python writes.
#[tokio::test]
async fn a_receipt_is_issued_as_python_issues_it() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../vectors/ofrep/receipts.json")).unwrap();
    let case = &cases[0];
    let clock = FixedClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(case.now));
    let app = router(&layer(delay(), observed(), &clock).key(KeySource::cookie("id")));
    let answer = browse(&app, &format!("id={}", case.key)).await;
    assert_eq!(answer.receipt("delay"), case.receipt);
}
