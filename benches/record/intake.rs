use std::time::{Duration, Instant};

use tower_tracks::store::{Batch, Store};

use super::{SET, Size, facts::batch};

/// A batch has an exposure and a conversion each of so many units.
const UNITS: u32 = 500;

/// Takes turns with batches of new facts, and prints how many facts each took in per second, over
/// all of its time.
pub(super) fn turns(store: (&str, &dyn Store), floor: (&str, &mut dyn FnMut(&Batch)), size: Size) {
    let (mut ours, mut floors) = (Duration::ZERO, Duration::ZERO);
    for number in 0..size.batches {
        let batch = batch(SET, number * UNITS..(number + 1) * UNITS);
        ours += timed(|| {
            let written = store.1.write(&batch).unwrap();
            assert_eq!(written.total().new, u64::from(2 * UNITS));
        });
        floors += timed(|| floor.1(&batch));
    }
    let facts = f64::from(2 * UNITS * size.batches);
    let rate = |time: Duration| facts / time.as_secs_f64();
    let ratio = rate(ours) / rate(floors);
    println!(
        "in turns: {:24} {:9.0} new facts/s  {ratio:.2} x",
        store.0,
        rate(ours)
    );
    println!(
        "in turns: {:24} {:9.0} new facts/s  1.00 x",
        floor.0,
        rate(floors)
    );
}

fn timed(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}
