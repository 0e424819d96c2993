use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

/// A new directory, which is removed when it is dropped.
pub(in crate::record) struct Directory(PathBuf);

impl Directory {
    pub(in crate::record) fn new() -> Self {
        Self::under(&env::temp_dir())
    }

    /// Returns one in memory, where there is such a place: hundreds of stores need not wait for a
    /// disk.
    pub(in crate::record) fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        match memory.is_dir() {
            true => Self::under(memory),
            false => Self::new(),
        }
    }

    fn under(parent: &Path) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let (process, count) = (process::id(), COUNT.fetch_add(1, Relaxed));
        let path = parent.join(format!("tower-tracks-{process}-{count}"));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(in crate::record) fn path(&self) -> &Path {
        &self.0
    }

    /// Returns the path of a file in it.
    pub(in crate::record) fn file(&self) -> PathBuf {
        self.0.join("facts.db")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}
