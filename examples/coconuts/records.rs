//! The shop's records: exposures of visitors, and purchases.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use tower_tracks::{
    Units,
    record::{JsonLines, Recorder},
    store::{Sqlite, Summaries},
    warehouse::Cells,
};

use super::{database, secret};

/// The environment variable with a folder for the facts of single visitors. Without it, they are in the
/// database.
pub(super) const LAKE: &str = "SHOP_LAKE";

/// Where the shop records, and what its results are read from.
pub(super) struct Records {
    pub(super) store: Arc<Sqlite>,
    pub(super) recorder: Recorder,
    /// What an engine computed from the facts of all instances, if they are not in the database.
    pub(super) cells: Option<Cells>,
}

/// Opens the database, and starts the recorder, which writes to it. Several instances of the shop may use
/// one file.
///
/// With `SHOP_LAKE`, the facts of single visitors become JSON lines in a folder of this instance, and the
/// database gets the rest.
pub(super) fn open(port: u16) -> Result<Records, Box<dyn Error>> {
    let path = database::path();
    let store = Sqlite::open(&path).map_err(|error| format!("{path}: {error}"))?;
    let store = Arc::new(store);
    let recorder = Recorder::builder(Units::pseudonym(secret::from_env())?);
    let Some(lake) = env::var_os(LAKE).map(PathBuf::from) else {
        let recorder = recorder.store(Arc::clone(&store)).start()?;
        return Ok(Records {
            store,
            recorder,
            cells: None,
        });
    };
    let lines = folder(&lake.join("instances").join(port.to_string()))?.join("tracks.jsonl");
    let recorder = recorder
        .sink(JsonLines::new(lines))
        .store(Summaries::of(Arc::clone(&store)))
        .start()?;
    let cells = Some(Cells::at(folder(&lake.join("cells"))?));
    Ok(Records {
        store,
        recorder,
        cells,
    })
}

/// Creates a folder where there is none.
fn folder(path: &Path) -> Result<PathBuf, String> {
    fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path.to_owned())
}
