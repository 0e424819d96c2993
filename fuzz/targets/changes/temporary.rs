//! Files that go with what uses them.

use std::{
    env, fs,
    path::PathBuf,
    process::id,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

pub(crate) struct Temporary(pub(crate) PathBuf);

impl Temporary {
    pub(crate) fn new(content: &[u8]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let (process, count) = (id(), COUNT.fetch_add(1, Relaxed));
        let name = format!("tower-tracks-{}-{process}-{count}", module_path!());
        let path = env::temp_dir().join(name.replace(':', "-"));
        fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
