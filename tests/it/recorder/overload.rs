//! More than a store takes.

use std::time::Duration;

use tower_tracks::{
    Observe,
    store::{LostReason, Store},
};

use super::{LONG, builder, delay, exposure, faulty::Faulty};

#[test]
fn lost_events_are_counted_by_track() {
    let store = Faulty::new(|batch| {
        std::thread::sleep(Duration::from_millis(batch.exposures.len() as u64 / 5));
        Ok(())
    });
    let recorder = builder()
        .queue(64)
        .batch(32)
        .store(store.clone())
        .start()
        .unwrap();
    let sets = delay();
    let mut told = std::collections::BTreeMap::<String, u64>::new();
    for key in 0..20_000_u64 {
        let exposure = exposure(&sets, key);
        *told.entry(exposure.track().to_owned()).or_default() += 1;
        recorder.observe(&exposure);
    }
    let tallies = recorder.shutdown(LONG).wait();
    let tally = tallies.get("store").unwrap();
    assert_eq!(tally.accepted, 20_000);
    assert_eq!(tally.waiting(), 0);
    assert!(tally.dropped > 1_000, "{tally}");
    assert_eq!(tally.written, store.exposure_rows());

    // For each track, the reported events are those in the store and the lost ones.
    for lost in recorder.losses() {
        assert_eq!(lost.reason, LostReason::QueueFull);
        let track = lost.track.unwrap();
        let rows = stored(&store, &track.track);
        assert_eq!(told[&*track.track], rows + lost.n, "{track}");
    }
    let kept: u64 = store.losses().unwrap().iter().map(|loss| loss.n).sum();
    assert_eq!(kept, tally.dropped);
}

fn stored(store: &Faulty, track: &str) -> u64 {
    let mut rows = 0;
    let mut count = |batch: tower_tracks::store::Batch| {
        let is_of = |row: &&tower_tracks::store::ExposureRow| {
            &*batch.tracks()[row.track as usize].track == track
        };
        rows += batch.exposures.iter().filter(is_of).count() as u64;
        Ok(())
    };
    store.dump(&mut count).unwrap();
    rows
}
