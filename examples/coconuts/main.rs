//! A coconut shop that tests delays, prices and a banner on its visitors.
//!
//! ```text
//! TRAFFIC=1 cargo run --example coconuts
//! ```
//!
//! Then open <http://127.0.0.1:3000>, which explains the tests, and <http://127.0.0.1:3000/results>, which has the
//! results: in about a minute, the test `delay` has a verdict. `TRAFFIC=1` sends visitors to the shop, the same
//! as `cargo run --example traffic` in a second terminal. `VISITORS=20000` sends more than 6,000, and `SEED=2`
//! others. `PORT=3001` moves the shop, and `RUST_LOG=debug` makes its log longer.
//!
//! | page | what it has to do with the tests |
//! | --- | --- |
//! | `/` | explains them, and reads no track: neither header nor cookie |
//! | `/coconuts` | reads what was chosen, and acts on it: waits, or has other prices |
//! | `/buy` | reads the prices, too, and reaches the goal `purchase` |
//! | `/login`, `/logout` | make a VIP of the visitor, who is in no test, and end that |
//! | `/results` | is the owner's: what the tests found out |
//! | `/ofrep/v1/…`, `/tracks/v1/exposures` | are for front ends and services in other languages, by OFREP |
//! | `/ready` | is the load balancer's: whether the changes of the tests are known |
//!
//! What happens is recorded into `coconuts.sqlite`, or the file that `SHOP_DATABASE` names. While the shop is
//! open, `coconuts.sqlite-address` has its address. With `SHOP_LAKE=lake`, the facts of single visitors are
//! JSON lines in that folder, and `examples/warehouse/shop lake` computes the results by Apache Spark.
//!
//! The owner changes the running tests with the command line `tracks`, and all instances of the
//! shop on that file follow:
//!
//! ```text
//! cargo run --example coconuts -- tracks pause banner --author owner --reason "wrong promise"
//! ```
//!
//! Begin reading with `sets.rs`, which has the tests, `routes.rs`, which acts on them, and
//! `controls.rs`, which follows their changes.

mod address;
mod catalog;
mod controls;
mod database;
mod flags;
mod links;
mod logs;
mod operate;
mod pages;
mod port;
mod records;
mod results;
mod routes;
mod secret;
mod sets;
mod shutdown;
mod traffic;
mod visitor;
mod welcome;

use std::{env, error::Error, io, net::SocketAddr, process::ExitCode, time::Duration};

use axum::Router;
use tokio::net::TcpListener;
use tower_tracks::{
    Exclusion, TracksLayer, VisitorCookie, control::Controls, middleware::Override,
};

use self::{address::AddressFile, records::Records};

/// How long the shop waits for requests that are under way when it closes, and then for its
/// records.
const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        eprintln!("coconuts: {error}");
        ExitCode::FAILURE
    })
}

/// Opens the shop, or runs a command of its owner.
fn run() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    match arguments.next() {
        None => open().map(|()| ExitCode::SUCCESS),
        Some(first) if first == "tracks" => Ok(operate::tracks(arguments)?),
        Some(first) => Err(format!("{first:?} is no command; the only one is `tracks`").into()),
    }
}

#[tokio::main]
async fn open() -> Result<(), Box<dyn Error>> {
    let listener = listen(port::from_env()?.unwrap_or(port::DEFAULT)).await?;
    let address = listener.local_addr()?;
    let url = format!("http://{address}");
    let traffic = traffic::from_env(&url)?;
    logs::start(traffic.is_some());
    let overrides = links::overrides()?;
    let records = records::open(address.port())?;
    let recorder = records.recorder.clone();
    let controls = controls::follow(&records.store)?;
    let shop = shop(overrides.clone(), records, &controls)?;
    let requested = shutdown::requested()?;
    let written = AddressFile::write(&url)?;
    welcome::print(&url, &links::mint(&overrides, &url)?, traffic.is_some());
    serve(listener, shop, traffic::until(requested, traffic)).await?;
    drop(written);
    let recorded = recorder.shutdown(PATIENCE).await;
    println!("The coconut shop is closed. {recorded}");
    Ok(())
}

/// Serves until a signal to stop, and then finishes the requests under way, up to a time limit.
async fn serve(
    listener: TcpListener,
    shop: Router,
    requested: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (closes, closing) = tokio::sync::oneshot::channel();
    let requested = async move {
        requested.await;
        let _ = closes.send(());
    };
    let served = axum::serve(listener, shop).with_graceful_shutdown(requested);
    tokio::select! {
        result = served.into_future() => result,
        () = async {
            let _ = closing.await;
            tokio::time::sleep(PATIENCE).await;
        } => Ok(()),
    }
}

fn shop(
    overrides: Override,
    records: Records,
    controls: &Controls,
) -> Result<Router, Box<dyn Error>> {
    let tracks = TracksLayer::new(sets::delay_or_pricing()?)
        .and(sets::banner()?)?
        // The default cookie is `Secure`. Browsers drop that over http without TLS, and then
        // each reload is a new visitor in another track. A shop with TLS leaves this line out.
        .key(VisitorCookie::plain())
        // Bots are in no test. Here a request without a user agent is not taken for a bot, so that a load
        // generator can visit the shop.
        .exclude(Exclusion::default().without_agent(false))
        .overrides(overrides)
        .controls(controls)
        .observe((logs::exposure, records.recorder.clone()));
    let results = results::pages(records, &tracks, controls)?;
    let flags = flags::router(&tracks)?;
    // The last layer is the outermost: the access log sees the header that the tracks write.
    let shop = routes::routes()
        .layer(tracks)
        .route("/ready", controls::ready(controls))
        .merge(flags)
        .nest_service(results::PATH, results);
    Ok(logs::access(shop))
}

async fn listen(port: u16) -> Result<TcpListener, String> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    TcpListener::bind(address).await.map_err(|error| {
        format!("cannot listen on {address}: {error}; set another port, as in PORT=3001")
    })
}
