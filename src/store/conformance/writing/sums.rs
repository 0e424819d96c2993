//! Numbers of a writer.

use crate::store::{
    RequestSums, Store, SumRow, TrackName,
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
