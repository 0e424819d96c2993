//! The questions that are asked after each history.

use std::time::Duration;

use tower_tracks::store::{Amount, AskedGoal, Measure, PhaseName, Question, Timestamp};

use super::pools::{DAY, START, goals, phase, phases};

/// Returns questions about each phase, and about an unknown one.
pub(super) fn questions() -> Vec<Question> {
    let mut all = phases();
    all.push(phase("nobody-knows", 1, "visitor"));
    let of = |phase: PhaseName| {
        let times = [START + DAY, START + 8 * DAY, i64::MAX];
        times.map(|as_of| question(phase.clone(), Timestamp::from_micros(as_of)))
    };
    all.into_iter().flat_map(of).collect()
}

fn question(phase: PhaseName, as_of: Timestamp) -> Question {
    let mut question = Question::new(phase, as_of);
    question.goals = asked();
    if as_of == Timestamp::MAX {
        question.skew = Duration::ZERO;
    }
    question
}

/// One of each measure, two of them about one goal.
fn asked() -> Vec<AskedGoal> {
    let [purchase, refund, visit] = goals().try_into().unwrap();
    let day = Duration::from_secs(86_400);
    let count = AskedGoal::new(refund.clone(), Measure::Total(Amount::Count));
    let value = AskedGoal::new(purchase.clone(), Measure::Total(Amount::Value));
    let ratio = Measure::Ratio {
        numerator: Amount::Value,
        goal: visit,
        denominator: Amount::Count,
    };
    let ratio = AskedGoal::new(refund, ratio);
    vec![
        AskedGoal::new(purchase, Measure::Rate),
        AskedGoal {
            cap: Some(1),
            ..count
        },
        AskedGoal {
            window: day,
            cap: Some(20_000_000),
            ..value
        },
        AskedGoal {
            window: Duration::MAX,
            ..ratio
        },
    ]
}
