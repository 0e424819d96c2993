//! The second in which the most units were first exposed to one track.

use crate::store::{
    BusiestSecond, Store,
    conformance::fixtures::{DAY, SECOND, START, batch, phase},
};

use super::overlap::{at, exposed, search};

/// Of seconds with as many units, the earliest counts, and of tracks the one with the smallest name.
///
/// A store that does not support it passes: it returns `None` after an exposure, too.
pub fn the_busiest_second_is_the_earliest_of_the_largest(store: &dyn Store) {
    let busiest = |as_of| {
        let busiest = store.busiest_second(&search(1), at(as_of)).unwrap();
        busiest.map(|BusiestSecond { at, track, units }| {
            assert_eq!(track.phase, search(1));
            (at.as_micros() - START, track.track.to_string(), units)
        })
    };
    assert_eq!(busiest(DAY), None);
    let expected = |at, track: &str, units| Some((at, track.to_owned(), units));
    // A second before 1970, too.
    let before = -START - 1;
    store
        .write(&batch(&[exposed(1, 0, "b", before), exposed(2, 3, "a", 0)]))
        .unwrap();
    // A store need not support this query, and then has no second here either.
    if busiest(DAY).is_none() {
        return;
    }
    assert_eq!(busiest(DAY), expected(-START - SECOND, "b", 1));
    let facts = [
        exposed(1, 1, "b", 5 * SECOND),
        exposed(1, 1, "control", 5 * SECOND + 1),
        exposed(1, 2, "b", 6 * SECOND - 1),
        exposed(1, 2, "control", 6 * SECOND - 1),
        exposed(1, 3, "b", 6 * SECOND),
        exposed(1, 4, "b", 6 * SECOND),
        exposed(1, 3, "a", 7 * SECOND),
        exposed(1, 4, "a", 8 * SECOND - 1),
    ];
    store.write(&batch(&facts)).unwrap();
    assert_eq!(busiest(DAY), expected(5 * SECOND, "b", 2));
    assert_eq!(busiest(6 * SECOND - 1), expected(-START - SECOND, "b", 1));
    store
        .write(&batch(&[exposed(1, 0, "a", 7 * SECOND)]))
        .unwrap();
    assert_eq!(busiest(DAY), expected(7 * SECOND, "a", 3));
    let nobody = phase("nobody-knows", 1, "visitor");
    assert_eq!(store.busiest_second(&nobody, at(DAY)).unwrap(), None);
}
