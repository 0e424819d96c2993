//! All three services, each with a server of its own, and the exposures that each of them counts.

use std::{
    error::Error,
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::{
    HeaderMap, HeaderValue, Uri,
    header::{COOKIE, USER_AGENT},
};
use tokio::net::TcpListener;
use tonic::transport::Endpoint;
use tower_tracks::{Exposure, Observe, middleware::Propagation};

use super::{catalog, client::Client, prices, shop};

/// The exposures of one service. A real service has a recorder.
#[derive(Clone, Default)]
struct Counted(Arc<Mutex<Vec<Exposure>>>);

impl Observe for Counted {
    fn observe(&self, exposure: &Exposure) {
        let mut exposures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        exposures.push(exposure.clone());
    }
}

pub(super) struct Services {
    shop: Uri,
    client: Client,
    counted: [Counted; 3],
}

impl Services {
    /// Starts the services on free ports. They end with the runtime.
    pub(super) async fn start() -> Result<Self, Box<dyn Error + Send + Sync>> {
        // The same secret in all services: `Propagation::from_env` in real ones.
        let propagation = Propagation::new("sixteen random bytes, or more")?;
        let counted: [Counted; 3] = Default::default();
        let [at_shop, at_catalog, at_prices] = counted.clone();

        let (prices, uri) = listen().await?;
        let layer = prices::layer(propagation.clone(), at_prices)?;
        tokio::spawn(prices::serve(prices, layer));
        let channel = Endpoint::try_from(uri.to_string())?.connect_lazy();

        let (catalog, catalog_uri) = listen().await?;
        let router = catalog::router(channel, propagation.clone(), at_catalog)?;
        tokio::spawn(axum::serve(catalog, router).into_future());

        let (shop, shop_uri) = listen().await?;
        let router = shop::router(catalog_uri, propagation, at_shop)?;
        tokio::spawn(axum::serve(shop, router).into_future());
        Ok(Self {
            shop: shop_uri,
            client: Client::new(),
            counted,
        })
    }

    /// Gets the page of the shop as a customer's browser.
    pub(super) async fn visit(
        &self,
        customer: &str,
    ) -> Result<String, Box<dyn Error + Send + Sync>> {
        let cookie = HeaderValue::try_from(format!("customer={customer}"))?;
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, cookie);
        headers.insert(USER_AGENT, HeaderValue::from_static("Mozilla/5.0"));
        self.client.get(&self.shop, headers).await
    }

    /// Takes the exposures that each service has counted.
    pub(super) fn exposures(&self) -> [(&'static str, Vec<Exposure>); 3] {
        let names = ["the shop", "the catalog", "the prices"];
        std::array::from_fn(|index| {
            let Counted(exposures) = &self.counted[index];
            let mut exposures = exposures.lock().unwrap_or_else(PoisonError::into_inner);
            (names[index], mem::take(&mut *exposures))
        })
    }
}

async fn listen() -> Result<(TcpListener, Uri), Box<dyn Error + Send + Sync>> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let uri = format!("http://{}/", listener.local_addr()?).parse()?;
    Ok((listener, uri))
}
