//! The sinks, each through a recorder with a thread of its own.

mod at_once;
mod feature_flag_events;
mod json_lines;
mod metrics;
mod partial;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::id,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, SystemTime},
};

use tower_tracks::{
    Exposure, Goal, Key, MultiTrackSet, Observe, SimpleTrackSet, Units,
    event::{Alias, Conversion},
    record::{Recorder, RecorderBuilder},
};

/// A directory that goes with all that is in it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("tower-tracks-sinks-{}-{count}", id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.join(name)
    }

    /// Returns the names of the files, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn units() -> Units {
    Units::pseudonym("sixteen random bytes, or more").unwrap()
}

/// Returns a builder whose recorder writes only at a flush.
pub(crate) fn builder(units: Units) -> RecorderBuilder {
    Recorder::builder(units).age(Duration::from_millis(5))
}

pub(crate) fn delay() -> MultiTrackSet {
    let delay = SimpleTrackSet::new("delay").track("long", 2000).phase(2);
    delay.build().unwrap()
}

/// Returns the time so many seconds after 2026-03-11, 09:26:53.
pub(crate) fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_773_221_213 + seconds)
}

/// Reports an exposure of a key.
pub(crate) fn expose(recorder: &Recorder, sets: &MultiTrackSet, key: &str, at: SystemTime) {
    let key = Key::from(key);
    let exposure = Exposure::new(sets.assign(&key, &()), key.clone(), at);
    recorder.observe(&exposure.unwrap());
}

pub(crate) fn convert(recorder: &Recorder, key: &str, goal: &str, at: SystemTime) {
    let conversion = Conversion::new(&Key::from(key), Goal::new(goal).unwrap(), at);
    let conversion = conversion
        .value(19.90)
        .unwrap()
        .once(format!("order of {key}"));
    recorder.conversion(&conversion);
}

pub(crate) fn sign_in(recorder: &Recorder, visitor: &str, user: &str, at: SystemTime) {
    let alias = Alias::new(Key::from(visitor), "user", Key::from(user), at);
    recorder.alias(&alias);
}
