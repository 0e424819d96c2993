//! A coconut shop that tests delays, prices and a banner on its visitors.
//!
//! ```text
//! cargo run --example coconuts
//! ```
//!
//! Then open <http://127.0.0.1:3000>, or follow what it prints. `PORT=3001` moves it, and
//! `RUST_LOG=debug` makes it tell more.
//!
//! | page | what it has to do with the tests |
//! | --- | --- |
//! | `/` | reads no track: neither header nor cookie |
//! | `/coconuts` | reads what was chosen, and acts on it: waits, or has other prices |
//! | `/buy` | reads the prices, too, and reaches the goal `purchase` |
//! | `/login`, `/logout` | make a VIP of the visitor, who is in no test, and end that |
//! | `/results` | is the owner's: what the tests found out |
//!
//! What happens is recorded into `coconuts.sqlite`, or the file that `SHOP_DATABASE` names. For
//! visitors, start `cargo run --example traffic` beside it.
//!
//! Begin reading with `sets.rs`, which has the tests, and `routes.rs`, which acts on them.

mod catalog;
mod links;
mod logs;
mod pages;
mod port;
mod records;
mod results;
mod routes;
mod sets;
mod shutdown;
mod visitor;

use std::{error::Error, io, net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

use axum::Router;
use tokio::net::TcpListener;
use tower_tracks::{
    Exclusion, TracksLayer, VisitorCookie, middleware::Override, record::Recorder, store::Store,
};

/// How long the shop waits for requests that are under way when it closes, and then for its
/// records.
const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> ExitCode {
    logs::start();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("coconuts: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let listener = listen(port::from_env()?).await?;
    let overrides = links::overrides()?;
    let (store, recorder) = records::open()?;
    let shop = shop(overrides.clone(), store, &recorder)?;
    let requested = shutdown::requested()?;
    let address = listener.local_addr()?;
    welcome(address, &links::mint(&overrides, address)?);
    serve(listener, shop, requested).await?;
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
    store: Arc<dyn Store>,
    recorder: &Recorder,
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
        .observe((logs::exposure, recorder.clone()));
    let results = results::pages(store, recorder, &tracks)?;
    // The last layer is the outermost: the access log sees the header that the tracks write.
    let shop = routes::routes().layer(tracks);
    Ok(logs::access(shop.nest_service(results::PATH, results)))
}

async fn listen(port: u16) -> Result<TcpListener, String> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    TcpListener::bind(address).await.map_err(|error| {
        format!("cannot listen on {address}: {error}; set another port, as in PORT=3001")
    })
}

fn welcome(address: SocketAddr, links: &str) {
    let (name, password) = results::LOGIN;
    println!(
        "\
The coconut shop is open: http://{address}

  /          reads no track: neither header nor cookie
  /coconuts  reads the track that was chosen, and acts on it; who buys reaches a goal
  /login     makes you a VIP, who is in no test; /logout ends that
  /results   is the owner's: name {name}, password {password}

For visitors, start `cargo run --example traffic` beside this.

Which track am I in? The pages do not say. The header `tracks-exposure` does, and so does
the log below. Try this twice, for the same track, and without the jar, for others:

  curl -i -c jar -b jar http://{address}/coconuts

Be a VIP, and try again: no header, no wait, the usual prices.

  curl -i -c jar -b jar -X POST http://{address}/login

See another track than yours, without being counted, until /coconuts?tracks=clear:

{links}
Ctrl-C closes the shop.
"
    );
}
