//! Conversions that a program without the keys records later.

use std::sync::Arc;

use axum::{Router, routing::get};
use tower_tracks::{
    Assignments, Goals, Key, KeySource, Observe, TracksLayer, Units,
    record::ReceiptError,
    store::{Memory, Store},
    unit::Subject,
};

use super::{super::support::send, builder, delay, units};

#[tokio::test]
async fn a_webhook_tells_whose_payment_it_was() {
    async fn pay(goals: Goals, _: Assignments) -> String {
        goals.receipt().unwrap()
    }
    let store = Arc::new(Memory::default());
    let recorder = builder().store(store.clone()).start().unwrap();
    let layer = TracksLayer::new(delay())
        .key(KeySource::cookie("id"))
        .observe(recorder.clone());
    let app = Router::new().route("/", get(pay)).layer(layer);
    let response = send(app, "GET", "/", &[("cookie", "id=alice")]).await;
    let receipt = axum::body::to_bytes(response.into_body(), 1000)
        .await
        .unwrap();
    let receipt = std::str::from_utf8(&receipt).unwrap();
    assert!(!receipt.contains("alice"), "{receipt}");
    // It fits where payment services keep notes.
    assert!(receipt.len() <= 100, "{receipt}");

    let whose = recorder.redeem(receipt).unwrap();
    recorder
        .reached(whose, "paid")
        .value(19.90)
        .once("payment 3")
        .unwrap();
    recorder.flush().await.unwrap();
    let unit = units().unit("visitor", &Key::from("alice"));
    let history = store.history(unit).unwrap();
    let [(_, goal, value)] = &history.conversions[..] else {
        panic!("{history:?}");
    };
    assert_eq!((goal.as_str(), *value), ("paid", 19_900_000));
    assert_eq!(recorder.redeem("alice").unwrap_err(), ReceiptError::Shape);
    let forged = receipt.replace("visitor", "user");
    assert_eq!(recorder.redeem(&forged).unwrap_err(), ReceiptError::Tag);
}

/// A receiver of receipts hashes them, so they are bounded on both sides.
#[test]
fn a_receipt_has_forty_units_and_four_kilobytes_at_most() {
    let recorder = builder().start().unwrap();
    let kind = |number: u64| format!("{number:a>64}");
    let subjects = (0..80).map(|number| Subject::of_key(kind(number), &Key::from(number)));
    let subjects: Vec<Subject> = subjects.collect();
    let text = recorder.receipt(&subjects).unwrap();
    assert!(text.len() <= 4_096, "{}", text.len());
    assert_eq!(recorder.redeem(&text).unwrap().units().len(), 40);
    let long = format!("{}.{}", "a".repeat(1_000_000), "0".repeat(32));
    assert_eq!(recorder.redeem(&long).unwrap_err(), ReceiptError::Shape);
}

/// The dashboard answers any unit that its reader asks for, by the secret that receipts are signed
/// by. What is asked for here was once the very message that a receipt's tag is of.
#[tokio::test]
async fn no_unit_that_can_be_looked_up_signs_a_receipt() {
    let recorder = builder().start().unwrap();
    let own = recorder.receipt(&[Subject::from(&Key::from("alice"))]);
    assert!(recorder.redeem(&own.unwrap()).is_ok());
    let victim = format!("visitor:{}", units().unit("visitor", &Key::from("alice")));
    for named in [format!("a\0b:{},{victim}", "0".repeat(32)), victim] {
        let netstring = format!("{}:{named},", named.len());
        for purpose in ["7:receipt,", "23:tower-tracks receipt v2,", "receipt", ""] {
            let message = format!("{purpose}{netstring}");
            for units in [units(), Units::raw()] {
                let tag = |kind: &str, key: &str| units.unit(kind, &Key::from(key));
                let (kind, key) = message.split_once('\0').unwrap_or((&message, ""));
                for tag in [tag(kind, key), tag(&message, ""), tag("", &message)] {
                    let forged = format!("{named}.{tag}");
                    let refused = recorder.redeem(&forged).unwrap_err();
                    assert_eq!(refused, ReceiptError::Tag, "{forged:?}");
                }
            }
        }
    }
}
