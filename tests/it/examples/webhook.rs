//! The webhook of the example, with a receiver that is away, and with more texts than wait.

use std::time::Duration;

use tokio::time::timeout;

use super::receiver::Receiver;

#[allow(dead_code)]
#[path = "../../../examples/webhook/webhook.rs"]
mod client;

use client::Webhook;

const PATIENCE: Duration = Duration::from_secs(30);

async fn next(receiver: &mut Receiver) -> String {
    let next = timeout(PATIENCE, receiver.next()).await;
    next.expect("a text arrives in time").unwrap()
}

#[test]
fn the_example_shows_what_arrived() {
    super::check(
        "webhook",
        &[
            "refused at first: 1",
            "arrived: change 1 of delay: pause, by alice: errors in checkout",
        ],
    );
}

#[tokio::test]
async fn a_receiver_that_is_away_for_a_while_gets_every_text_once_and_in_order() {
    let mut receiver = Receiver::start(3).await.unwrap();
    let (webhook, delivery) = Webhook::start(receiver.uri.clone());
    let texts = ["first", "second", "third"];
    for text in texts {
        webhook.send(text.to_owned());
    }
    for text in texts {
        assert_eq!(next(&mut receiver).await, text);
    }
    assert_eq!(receiver.refused(), 3);
    drop(webhook);
    timeout(PATIENCE, delivery).await.unwrap().unwrap();
    drop(receiver);
}

#[tokio::test]
async fn lost_texts_are_counted_in_the_next_one() {
    let mut receiver = Receiver::start(0).await.unwrap();
    let (webhook, _delivery) = Webhook::start(receiver.uri.clone());
    // The task has no turn before the first await, so the queue of 100 fills.
    for number in 0..103 {
        webhook.send(number.to_string());
    }
    assert_eq!(
        next(&mut receiver).await,
        "0 (3 alerts before it were lost)"
    );
    assert_eq!(next(&mut receiver).await, "1");
}
