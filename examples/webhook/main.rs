//! Alerts of running tests, posted to a webhook with the application's own http client.
//!
//! ```text
//! cargo run --example webhook --features control
//! ```
//!
//! It starts a small receiver on a free port, makes a change, and prints what arrived. The receiver
//! refuses the first post, so that the second attempt shows. A real program has the address of a chat or of a
//! pager instead. Alerts about results, such as a guardrail that is worse, come the same way.

mod receiver;
mod webhook;

use std::error::Error;

use tower_tracks::{
    SimpleTrackSet, TracksLayer,
    control::{Controls, MemoryLog},
};

use self::{receiver::Receiver, webhook::Webhook};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut receiver = Receiver::start(1).await?;
    let (webhook, delivery) = Webhook::start(receiver.uri.clone());

    // The closure hands the text over and returns: it runs on the thread that reads the log.
    let controls = Controls::builder(MemoryLog::default())
        .notify(move |alert| webhook.send(alert.to_string()))
        .start()?;
    let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    let layer = TracksLayer::new(delay).controls(&controls);
    controls
        .set("delay")?
        .pause("alice", "errors in checkout")?;

    let arrived = receiver.next().await.ok_or("nothing arrived")?;
    println!("refused at first: {}", receiver.refused());
    println!("arrived: {arrived}");

    // The closure ends with the controls, and the delivery after the last text of its queue.
    drop((layer, controls));
    delivery.await?;
    Ok(())
}
