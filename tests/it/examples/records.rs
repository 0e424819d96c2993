use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use tower_tracks::{
    store::{ConversionRow, Sqlite, Store},
    unit::Unit,
};

/// A file of records of a test's own, which goes with it.
pub(super) struct Records(PathBuf);

/// What such a file has.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The names of tracks, and their units.
    pub(super) exposures: Vec<(String, Unit)>,
    pub(super) conversions: Vec<ConversionRow>,
    pub(super) lost: u64,
}

impl Records {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Relaxed);
        // With what a shell reads in another way, if the commands that the shop prints do not quote it.
        let name = format!("shop's {}-{number}.sqlite", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Returns the path of the file with the address of the open shop.
    pub(super) fn address_path(&self) -> PathBuf {
        self.beside("-address")
    }

    fn beside(&self, end: &str) -> PathBuf {
        let mut path = self.0.clone().into_os_string();
        path.push(end);
        path.into()
    }

    pub(super) fn contents(&self) -> Contents {
        let mut contents = Contents::default();
        let mut keep = |batch: tower_tracks::store::Batch| {
            for row in &batch.exposures {
                let track = batch.tracks()[row.track as usize].to_string();
                contents.exposures.push((track, row.unit));
            }
            contents.conversions.extend(&batch.conversions);
            contents.lost += batch.losses.iter().map(|row| row.n).sum::<u64>();
            Ok(())
        };
        Sqlite::open(&self.0).unwrap().dump(&mut keep).unwrap();
        contents
    }
}

impl Drop for Records {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm", "-address"] {
            let _ = fs::remove_file(self.beside(end));
        }
    }
}
