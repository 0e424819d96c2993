//! Visitors for the coconut shop: they look, some wait and some leave, and some buy.
//!
//! ```text
//! cargo run --example coconuts    # in one terminal
//! cargo run --example traffic     # in another
//! ```
//!
//! Then open the page of results that it prints. `VISITORS=20000` sends more visitors than 6,000, and `SEED=2`
//! other ones: visitors of the same seed are counted once. An open shop writes its address into a file beside
//! its database. Without that file, the shop is on port 3000. `PORT=3001` and `SHOP=http://127.0.0.1:3001` name
//! another shop.
//!
//! What each visitor would do in each track is known, so the true effects are known, too. They are printed at
//! the end, to compare them with the page.
//!
//! The shop started with `TRAFFIC=1` sends itself the same visitors.

mod behaviour;
mod browser;
#[path = "../coconuts/database.rs"]
mod database;
mod find;
#[path = "../coconuts/port.rs"]
mod port;
#[path = "../coconuts/secret.rs"]
mod secret;
#[allow(dead_code, reason = "a test uses all of it")]
mod visitors;
mod visits;

use std::{error::Error, future, process::ExitCode};

use self::{behaviour::truths, visits::Traffic};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("traffic: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let shop = find::address()?;
    let traffic = Traffic::from_env(&shop.url)?;
    if let Err(error) = traffic.knock().await {
        let start = "start one with `cargo run --example coconuts`";
        let cause = cause(&*error);
        return Err(format!("there is no shop at {shop} ({cause}); {start}").into());
    }
    println!("Sending {traffic} to {}", shop.url);
    let sent = traffic.send(future::pending()).await;
    println!("{sent}. The true effects:\n{}", truths());
    println!("Compare them with {}/results", shop.url);
    Ok(())
}

/// Returns what made a request fail. The client's own error omits it.
fn cause<'e>(error: &'e (dyn Error + 'static)) -> &'e dyn Error {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause
}
