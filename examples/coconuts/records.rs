//! The shop's records: exposures of visitors, and purchases.

use std::{env, error::Error, sync::Arc};

use tower_tracks::{Units, record::Recorder, store::Sqlite};

/// The environment variable with the path of the database.
pub(super) const VARIABLE: &str = "SHOP_DATABASE";

/// The path without that variable.
const DATABASE: &str = "coconuts.sqlite";

/// The secret by which visitors' keys become pseudonyms, and by which the layer signs their cookies. A
/// real shop reads it from its configuration, as `SHOP_SECRET` here, and keeps it as long as its
/// records.
const DEMO_SECRET: &str = "everybody knows the coconut shop";

/// Returns the path of the database.
pub(super) fn path() -> String {
    env::var(VARIABLE).unwrap_or_else(|_| DATABASE.to_owned())
}

/// Opens the database, and starts the recorder, which writes to it. Several instances of the shop may use
/// one file.
pub(super) fn open() -> Result<(Arc<Sqlite>, Recorder), Box<dyn Error>> {
    let path = path();
    let secret = env::var("SHOP_SECRET").unwrap_or_else(|_| DEMO_SECRET.to_owned());
    let store = Sqlite::open(&path).map_err(|error| format!("{path}: {error}"))?;
    let store = Arc::new(store);
    let recorder = Recorder::builder(Units::pseudonym(secret)?);
    let recorder = recorder.store(Arc::clone(&store)).start()?;
    Ok((store, recorder))
}
