use std::time::SystemTime;

use tower_tracks::{
    MultiTrackSet, SimpleTrackSet,
    store::{Batch, ExposureRow, PhaseName, Store, Timestamp, TrackName, WriterRow},
    unit::Unit,
};

/// Methods that a store need not support, and the public suite skips: all of ours do.
pub(in crate::record) fn optional_methods<S: Store, T>(open: Option<(S, T)>) {
    let Some((store, _kept)) = open else { return };
    let (batch, phase) = exposure();
    store.write(&batch).unwrap();
    let second = store.busiest_second(&phase, Timestamp::MAX).unwrap();
    assert_eq!(second.unwrap().units, 1);
    assert_eq!(store.units().unwrap(), None);
    store.claim("raw").unwrap();
    assert_eq!(store.units().unwrap().as_deref(), Some("raw"));
    assert!(store.bytes().unwrap().is_some());
}

/// Returns a batch of one exposure, and its phase.
fn exposure() -> (Batch, PhaseName) {
    let sets: MultiTrackSet = SimpleTrackSet::new("delay")
        .track("long", 1)
        .build()
        .unwrap();
    let set = sets.sets().next().unwrap();
    let track = TrackName::of(set, &set.tracks()[0]);
    let mut batch = Batch::default();
    let writer = batch.writer(&WriterRow::new([1; 16], Timestamp::default()));
    let (index, unit) = (batch.track(&track), Unit::from_bytes([1; 16]));
    let row = ExposureRow::new(index, unit, SystemTime::UNIX_EPOCH.into(), writer);
    batch.exposures.push(row);
    (batch, track.phase)
}
