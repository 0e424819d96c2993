//! Three services, one track: a visitor is assigned once, and each exposure is counted once.
//!
//! ```text
//! cargo run --example microservices --features propagation
//! ```
//!
//! The shop (axum) asks the catalog (axum), which asks for prices (tonic). The shop reads `layout`. The catalog
//! and the prices both read `pricing`, which the shop has assigned. The program starts all three on free ports,
//! sends some requests to the shop, and prints what each service saw and counted.

mod catalog;
mod client;
mod prices;
mod services;
mod sets;
mod shop;

use std::error::Error;

use self::services::Services;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let services = Services::start().await?;
    for customer in ["alice", "bob", "carol", "alice"] {
        println!("{customer:6} {}", services.visit(customer).await?);
    }
    for (service, exposures) in services.exposures() {
        println!("{service} counted {} exposures", exposures.len());
    }
    Ok(())
}
