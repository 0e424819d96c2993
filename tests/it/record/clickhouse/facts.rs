use std::{
    ops::Range,
    time::{Duration, Instant, SystemTime},
};

use tower_tracks::{
    Exposure, Key, MultiTrackSet, Observe, SimpleTrackSet, Units,
    record::{Recorder, RecorderBuilder, Tally},
    store::{AliasRow, Batch, ConversionRow, Timestamp},
};

pub(super) use crate::record::facts::{question, unit};

use crate::record::facts::{met_later, purchase, writer};

/// How long a test waits for what does not come, before it fails.
const LONG: Duration = Duration::from_secs(120);

/// Returns the facts of these units, some time later; each fifth of them is a visitor of a user with a conversion.
pub(super) fn met(numbers: Range<u64>, later: i64) -> Batch {
    let mut batch = met_later(numbers.clone(), later);
    let (goal, writer) = (batch.goal(&purchase()), batch.writer(&writer()));
    for number in numbers.filter(|number| number % 5 == 0) {
        let at = Timestamp::from_micros(number as i64 + later);
        let user = unit(1_000_000 + number / 10);
        batch.aliases.push(AliasRow::new(unit(number), user, at));
        let conversion = ConversionRow::new(goal, user, [1; 16], at, writer);
        batch.conversions.push(conversion.value(7));
    }
    batch
}

pub(super) fn delay() -> MultiTrackSet {
    let set = SimpleTrackSet::new("delay").track("long", 2000_u64);
    set.build().unwrap()
}

pub(super) fn builder() -> RecorderBuilder {
    let units = Units::pseudonym("0123456789abcdef").unwrap();
    Recorder::builder(units).age(Duration::from_millis(20))
}

/// Reports visitors, each with a purchase, and always the same of the same visitors.
pub(super) fn report(recorder: &Recorder, visitors: Range<u64>) {
    let sets = delay();
    for visitor in visitors {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + visitor);
        let key = Key::from(visitor);
        let exposure = Exposure::new(sets.assign(key.clone(), &()), key.clone(), at);
        recorder.observe(&exposure.unwrap());
        let purchase = recorder.reached(&key, "purchase").at(at);
        purchase.value(1.0).once(visitor.to_string()).unwrap();
    }
}

/// Flushes until everything is written.
pub(super) fn written(recorder: &Recorder) -> Tally {
    let begin = Instant::now();
    loop {
        match recorder.flush().wait() {
            Ok(tallies) => return tallies.get("store").unwrap(),
            Err(error) => assert!(begin.elapsed() < LONG, "{error}"),
        }
    }
}
