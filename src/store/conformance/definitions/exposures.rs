//! Definitions and segments of exposures.

use std::sync::Arc;

use crate::store::Store;

use super::facts::{Under, exposed, held, write};

/// The earliest exposure stays with its definition and its segment.
pub fn the_earliest_exposure_keeps_its_definition(store: &dyn Store) {
    write(store, &[exposed((5, Some(2), Some("b")))]);
    write(store, &[exposed((6, Some(1), Some("a")))]);
    assert_eq!(held(store), (5, Some(2), Some("b".into())));
    write(store, &[exposed((4, None, None))]);
    assert_eq!(held(store), (4, None, None));
    write(store, &[exposed((3, Some(9), Some("z")))]);
    assert_eq!(held(store), (3, Some(9), Some("z".into())));
}

/// At one time, the smaller fingerprint stays, then the smaller segment; `None` comes last. The order of
/// writes does not matter.
pub fn ties_are_decided_by_fingerprint_and_segment(store: &dyn Store) {
    let order: [Under; 6] = [
        (5, Some(1), Some("B")),
        (5, Some(1), Some("a")),
        (5, Some(1), None),
        (5, Some(2), Some("a")),
        (5, None, Some("a")),
        (5, None, None),
    ];
    let mut offset = 0;
    let earlier =
        |offset: i64, (at, definition, segment): Under| (at - offset, definition, segment);
    // The fingerprint that is less has the greater id.
    write(store, &[exposed((9, Some(2), Some("a")))]);
    for (index, first) in order.iter().enumerate() {
        for second in &order[index + 1..] {
            for batches in [
                vec![vec![first, second]],
                vec![vec![second, first]],
                vec![vec![first], vec![second]],
                vec![vec![second], vec![first]],
            ] {
                offset += 1;
                for rows in batches {
                    let rows = rows.into_iter().map(|row| exposed(earlier(offset, *row)));
                    write(store, &rows.collect::<Vec<_>>());
                }
                let (at, definition, segment) = earlier(offset, *first);
                let expected = (at, definition, segment.map(Arc::from));
                assert_eq!(held(store), expected, "{first:?} beside {second:?}");
            }
        }
    }
}
