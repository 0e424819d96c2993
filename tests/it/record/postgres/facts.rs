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

/// Returns an exposure and a conversion of each of these units, one microsecond after the other.
pub(super) fn met(numbers: impl IntoIterator<Item = u64>) -> Batch {
    let mut batch = Batch::default();
    let [control, long] = ["control", "long"].map(|name| {
        batch.track(&TrackName {
            phase: phase(),
            track: name.into(),
            control: name == "control",
        })
    });
    let goal = batch.goal(&purchase());
    let writer = batch.writer(&WriterRow {
        uuid: [1; 16],
        node: "".into(),
        started_at: Timestamp::default(),
    });
    for number in numbers {
        let (unit, at) = (unit(number), Timestamp::from_micros(number as i64));
        batch.exposures.push(ExposureRow {
            track: if number % 2 == 0 { control } else { long },
            unit,
            first_at: at,
            coin: Some(number % 3 == 0),
            definition: None,
            segment: None,
            writer,
        });
        batch.conversions.push(ConversionRow {
            goal,
            unit,
            idem: [0; 16],
            at,
            value: number as i64,
            writer,
        });
    }
    batch
}

/// Returns the question who reached the goal, and what that was worth.
pub(super) fn question() -> Question {
    let value = Measure::Total(Sum::Value);
    let question = Question::new(phase(), Timestamp::MAX);
    question.goal(AskedGoal::new(purchase(), value))
}

fn purchase() -> Goal {
    Goal::new("purchase").unwrap()
}
