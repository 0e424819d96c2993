//! Numbers of a writer.

use crate::store::{
    LatencyRow, RequestSums, Store, StoreErrorKind, SumRow, TrackName,
    conformance::fixtures::{Fact, batch, loss, phase, writer},
};

use super::facts::long;

/// Of the sums of one writer, the larger of each number stays. The sums of writers are added.
pub fn the_larger_sums_of_a_writer_stay(store: &dyn Store) {
    let sum = |writer_index, requests, errors, duration_us_sq| {
        let sums = RequestSums {
            requests,
            errors,
            duration_us_sq,
            ..RequestSums::default()
        };
        let row = SumRow::new(0, 1023, 0, sums);
        Fact::Sum(long(), writer(writer_index), row)
    };
    let squares = u128::from(u64::MAX) + 5;
    let facts = [sum(0, 5, 1, 255), sum(0, 4, 2, 256), sum(1, 10, 0, squares)];
    store.write(&batch(&facts)).unwrap();
    let held = store.sums(&long().phase).unwrap();
    let expected = RequestSums {
        requests: 15,
        errors: 2,
        duration_us_sq: squares + 256,
        ..RequestSums::default()
    };
    assert_eq!(held, [((long(), 1023), expected)].into());
    assert!(
        store
            .sums(&phase("delay", 2, "visitor"))
            .unwrap()
            .is_empty()
    );
}

/// Of the durations of one writer, the larger number stays. The numbers of writers are added, and none of 0 is
/// returned.
pub fn the_larger_latencies_of_a_writer_stay(store: &dyn Store) {
    let latency = |writer_index, bin, requests| {
        let row = LatencyRow::new(0, 31, bin, 0, requests);
        Fact::Latency(long(), writer(writer_index), row)
    };
    let facts = [
        latency(0, 70, 5),
        latency(0, 70, 4),
        latency(1, 70, 10),
        latency(0, 161, 1),
        latency(0, 0, 0),
    ];
    store.write(&batch(&facts)).unwrap();
    store.write(&batch(&facts)).unwrap();
    let held = store.latencies(&long().phase).unwrap();
    let expected = [((long(), 31, 70), 15), ((long(), 31, 161), 1)];
    assert_eq!(held, expected.into());
    let other = phase("delay", 2, "visitor");
    assert!(store.latencies(&other).unwrap().is_empty());
}

/// A bin or a group that does not exist would be lost when it is read.
pub fn a_latency_without_a_bin_is_refused(store: &dyn Store) {
    for (group, bin) in [(32, 0), (0, 162), (255, 255)] {
        let row = LatencyRow::new(0, group, bin, 0, 1);
        let batch = batch(&[Fact::Latency(long(), writer(0), row)]);
        let refused = store.write(&batch).unwrap_err();
        assert_eq!(refused.kind(), StoreErrorKind::Refused);
        assert!(store.latencies(&long().phase).unwrap().is_empty());
    }
}

/// Of the losses of one writer, the larger stays. The losses of writers are added.
pub fn the_larger_losses_of_a_writer_stay(store: &dyn Store) {
    let loss = |writer_index, track: Option<TrackName>, reason: &str, n| {
        Fact::Loss(track, None, writer(writer_index), loss("lines", reason, n))
    };
    let facts = [
        loss(0, None, "full", 5),
        loss(0, None, "full", 4),
        loss(1, None, "full", 10),
        loss(0, Some(long()), "full", 1),
        loss(0, None, "closed", 1),
    ];
    store.write(&batch(&facts)).unwrap();
    store.write(&batch(&facts)).unwrap();
    let losses = store.losses().unwrap();
    let held = losses
        .iter()
        .map(|loss| (&*loss.reason, loss.track.is_some(), loss.n));
    let expected = [("closed", false, 1), ("full", false, 15), ("full", true, 1)];
    assert_eq!(held.collect::<Vec<_>>(), expected);
}
