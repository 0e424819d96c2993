//! The shop's records: exposures of visitors, and purchases.

use std::{env, error::Error, sync::Arc};

use tower_tracks::{
    Units,
    record::Recorder,
    store::{Sqlite, Store},
};

/// Where the records are, unless `SHOP_DATABASE` says otherwise.
const DATABASE: &str = "coconuts.sqlite";

/// The secret by which visitors' keys become pseudonyms, and by which the layer signs their cookies. A
/// real shop reads it from its configuration, as `SHOP_SECRET` here, and keeps it as long as its
/// records.
const DEMO_SECRET: &str = "everybody knows the coconut shop";

/// Returns where results are read, and what records.
pub(super) fn open() -> Result<(Arc<dyn Store>, Recorder), Box<dyn Error>> {
    let path = env::var("SHOP_DATABASE").unwrap_or_else(|_| DATABASE.to_owned());
    let secret = env::var("SHOP_SECRET").unwrap_or_else(|_| DEMO_SECRET.to_owned());
    let store = Sqlite::open(&path).map_err(|error| format!("{path}: {error}"))?;
    let store: Arc<dyn Store> = Arc::new(store);
    let recorder = Recorder::builder(Units::pseudonym(secret)?);
    let recorder = recorder.store(Arc::clone(&store)).start()?;
    Ok((store, recorder))
}
