//! Facts of a test with two tracks, for stores in databases.

use tower_tracks::{
    Goal,
    assign::Sum,
    store::{
        AskedGoal, Batch, ConversionRow, ExposureRow, Measure, PhaseName, Question, Timestamp,
        TrackName, WriterRow,
    },
    unit::Unit,
};

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

pub(super) fn writer() -> WriterRow {
    WriterRow::new([1; 16], Timestamp::default())
}

/// Returns an exposure and a conversion of each of these units, one microsecond after the other.
pub(super) fn met(numbers: impl IntoIterator<Item = u64>) -> Batch {
    met_later(numbers, 0)
}

/// Returns the same, so many microseconds later.
pub(super) fn met_later(numbers: impl IntoIterator<Item = u64>, later: i64) -> Batch {
    let mut batch = Batch::default();
    let [control, long] = ["control", "long"].map(|name| {
        batch.track(&TrackName {
            phase: phase(),
            track: name.into(),
            control: name == "control",
        })
    });
    let goal = batch.goal(&purchase());
    let writer = batch.writer(&writer());
    for number in numbers {
        let (unit, at) = (unit(number), Timestamp::from_micros(number as i64 + later));
        let track = if number % 2 == 0 { control } else { long };
        let exposure = ExposureRow::new(track, unit, at, writer).coin(number % 3 == 0);
        batch.exposures.push(exposure);
        let conversion = ConversionRow::new(goal, unit, [0; 16], at, writer);
        batch.conversions.push(conversion.value(number as i64));
    }
    batch
}

/// Returns the question who reached the goal, and what that was worth.
pub(super) fn question() -> Question {
    let value = Measure::Total(Sum::Value);
    let question = Question::new(phase(), Timestamp::MAX);
    question.goal(AskedGoal::new(purchase(), value))
}

pub(super) fn purchase() -> Goal {
    Goal::new("purchase").unwrap()
}
