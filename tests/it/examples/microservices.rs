//! The services of the example, over TCP: axum, axum, tonic.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use tower_tracks::Key;

#[path = "../../../examples/microservices/catalog.rs"]
mod catalog;
#[path = "../../../examples/microservices/client.rs"]
mod client;
#[path = "../../../examples/microservices/prices.rs"]
mod prices;
#[path = "../../../examples/microservices/services.rs"]
mod services;
#[path = "../../../examples/microservices/sets.rs"]
mod sets;
#[path = "../../../examples/microservices/shop.rs"]
mod shop;

use services::Services;

const REQUESTS: usize = 10_000;
const CUSTOMERS: usize = 2_500;
const AT_ONCE: usize = 64;

#[test]
fn the_example_counts_each_exposure_once() {
    super::check(
        "microservices",
        &[
            "the shop counted 4 exposures",
            "the catalog counted 4 exposures",
            "the prices counted 0 exposures",
        ],
    );
}

/// One assignment for each request, whoever reads it, and one exposure for each set.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_requests_have_one_track_in_three_services() {
    let services = Services::start().await.unwrap();
    let visits = stream::iter(0..REQUESTS).map(async |number| {
        let customer = format!("customer-{}", number % CUSTOMERS);
        let page = services.visit(&customer).await.unwrap();
        assert_eq!(page, expected(&customer));
    });
    visits.buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;

    let [(_, at_shop), (_, at_catalog), (_, at_prices)] = services.exposures();
    assert!(at_prices.is_empty());
    for (set, exposures) in [("layout", at_shop), ("pricing", at_catalog)] {
        assert_eq!(exposures.len(), REQUESTS, "{set}");
        let mut customers: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
        for exposure in &exposures {
            assert_eq!(exposure.set(), set);
            let key = exposure.key().map(|key| key.as_bytes().to_owned());
            *customers.entry(key.unwrap()).or_default() += 1;
        }
        assert_eq!(customers.len(), CUSTOMERS);
        assert!(
            customers
                .values()
                .all(|count| *count == REQUESTS / CUSTOMERS)
        );
    }
}

/// Returns the page of a customer, as each service would assign alone.
fn expected(customer: &str) -> String {
    let [layout, pricing] = [sets::layout(), sets::pricing()].map(Result::unwrap);
    let mut euros = 5_i64;
    let layout = layout.assign(Key::from(customer), &());
    let pricing = pricing.assign(Key::from(customer), &());
    pricing.run(&mut euros);
    format!("{layout}, shop {pricing}, catalog {pricing}, prices {pricing}: {euros} euros")
}
