//! From requests to a store: what a recorder keeps, and what it does when it cannot.

mod bounds;
mod defined;
mod ending;
mod failing;
mod faulty;
mod kept;
#[cfg(unix)]
mod killed;
mod other_unit;
mod overload;
mod panics;
mod receipts;
mod sets;
#[cfg(target_os = "linux")]
mod small_disk;
mod waiting;

use std::time::{Duration, SystemTime};

use tower_tracks::{
    Exposure, Key, MultiTrackSet, SimpleTrackSet, Units,
    record::{Recorder, RecorderBuilder},
    store::PhaseName,
};

/// How long a test waits for what does not come, before it fails.
const LONG: Duration = Duration::from_secs(30);

fn units() -> Units {
    Units::pseudonym("0123456789abcdef").unwrap()
}

fn builder() -> RecorderBuilder {
    Recorder::builder(units()).age(Duration::from_millis(5))
}

/// A set of two tracks, and control.
fn delay() -> MultiTrackSet {
    let set = SimpleTrackSet::new("delay");
    let set = set.track("short", 500_u64).track("long", 2000_u64);
    set.build().unwrap()
}

fn phase_of_delay() -> PhaseName {
    PhaseName::of(delay().sets().next().unwrap())
}

/// Returns the exposure of a visitor to the delay, as of now.
fn exposure(sets: &MultiTrackSet, key: impl Into<Key<'static>>) -> Exposure {
    exposure_at(sets, key, SystemTime::now())
}

fn exposure_at(sets: &MultiTrackSet, key: impl Into<Key<'static>>, at: SystemTime) -> Exposure {
    let key = key.into();
    Exposure::new(sets.assign(key.clone(), &()), key, at).unwrap()
}
