use std::{
    ops::Range,
    time::{Duration, Instant, SystemTime},
};

use tower_tracks::{
    Exposure, Goal, Key, MultiTrackSet, Observe, SimpleTrackSet, Units,
    assign::Sum,
    record::{Recorder, RecorderBuilder, Tally},
    store::{
        AliasRow, AskedGoal, Batch, ConversionRow, ExposureRow, Measure, PhaseName, Question,
        Timestamp, TrackName, WriterRow,
    },
    unit::Unit,
};

/// How long a test waits for what does not come, before it fails.
const LONG: Duration = Duration::from_secs(120);

pub(super) fn unit(number: u64) -> Unit {
    // Spread as pseudonyms are.
    let spread = u128::from(number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    Unit::from_bytes(spread.to_be_bytes())
}

pub(super) fn phase() -> PhaseName {
    PhaseName {
        set: "delay".into(),
        phase: 1,
        kind: "visitor".into(),
    }
}

pub(super) fn purchase() -> Goal {
    Goal::new("purchase").unwrap()
}

/// Returns an exposure, a conversion and an alias of each of these units, some time after the other.
pub(super) fn met(numbers: impl IntoIterator<Item = u64>, later: i64) -> Batch {
    let mut batch = Batch::default();
    let [control, long] = ["control", "long"].map(|name| {
        batch.track(&TrackName {
            phase: phase(),
            track: name.into(),
            control: name == "control",
        })
    });
    let goal = batch.goal(&purchase());
    let writer = batch.writer(&WriterRow::new([1; 16], Timestamp::default()));
    for number in numbers {
        let (unit, at) = (unit(number), Timestamp::from_micros(number as i64 + later));
        let track = if number % 2 == 0 { control } else { long };
        let exposure = ExposureRow::new(track, unit, at, writer).coin(number % 3 == 0);
        batch.exposures.push(exposure);
        let conversion = ConversionRow::new(goal, unit, [0; 16], at, writer);
        batch.conversions.push(conversion.value(number as i64));
        if number % 5 == 0 {
            let user = self::unit(1_000_000 + number / 10);
            batch.aliases.push(AliasRow::new(unit, user, at));
            let conversion = ConversionRow::new(goal, user, [1; 16], at, writer);
            batch.conversions.push(conversion.value(7));
        }
    }
    batch
}

/// Returns the question who reached the goal, and what that was worth.
pub(super) fn question() -> Question {
    let value = Measure::Total(Sum::Value);
    let question = Question::new(phase(), Timestamp::MAX);
    question.goal(AskedGoal::new(purchase(), value))
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
