//! Visitors that the shop sends itself, the same as those of the example `traffic`.

#[path = "../traffic/behaviour.rs"]
mod behaviour;
#[path = "../traffic/browser.rs"]
mod browser;
#[allow(dead_code, reason = "a test uses all of it")]
#[path = "../traffic/visitors.rs"]
mod visitors;
#[path = "../traffic/visits.rs"]
mod visits;

use std::{env, error::Error};

use futures_util::FutureExt;

use self::{behaviour::truths, visits::Traffic};
use super::results;

/// The visitors of a shop that has some.
pub(super) struct OwnTraffic {
    traffic: Traffic,
    shop: String,
}

/// Returns the visitors if `TRAFFIC` is 1.
pub(super) fn from_env(shop: &str) -> Result<Option<OwnTraffic>, Box<dyn Error>> {
    let value = env::var_os("TRAFFIC").unwrap_or_default();
    match value.to_str() {
        Some("" | "0") => Ok(None),
        Some("1") => Ok(Some(OwnTraffic {
            traffic: Traffic::from_env(shop)?,
            shop: shop.to_owned(),
        })),
        _ => Err(format!("TRAFFIC is {value:?}; set 1 to send visitors to the shop, or 0").into()),
    }
}

/// Sends the visitors, and ends when the shop is to close and the last of them has left. They come by HTTP,
/// so they finish before the server stops.
pub(super) async fn until(closing: impl Future<Output = ()>, traffic: Option<OwnTraffic>) {
    let closing = closing.shared();
    if let Some(traffic) = traffic {
        traffic.send(closing.clone()).await;
    }
    closing.await;
}

impl OwnTraffic {
    async fn send(self, stop: impl Future<Output = ()>) {
        let (shop, page) = (self.shop, results::PATH);
        println!("The traffic begins: {}", self.traffic);
        let sent = self.traffic.send(stop).await;
        println!(
            "The traffic has ended: {sent}. The true effects:\n{}",
            truths()
        );
        println!("Compare them with {shop}{page}");
    }
}
