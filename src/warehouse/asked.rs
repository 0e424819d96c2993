//! The digest of a question. The rows of an answer have it, so an answer to another question is noticed.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::{
    assign::Sum,
    store::{AskedGoal, Measure, PhaseName, Question},
    unit::hex::Hex,
};

/// Returns the digest of everything that a question has, as 32 hexadecimal digits.
pub(super) fn digest(question: &Question) -> String {
    let digest = Sha256::digest(text(question).as_bytes());
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    Hex(half).to_string()
}

/// Writes a question as lines. Names have no line feeds, so two questions never have the same lines.
fn text(question: &Question) -> String {
    let mut lines = String::from("tower-tracks question 1\n");
    let mut line = |text: String| {
        lines.push_str(&text);
        lines.push('\n');
    };
    for name in question.names() {
        let PhaseName { set, phase, kind } = name;
        line(format!("phase {set} {phase} {kind}"));
    }
    line(format!("as of {}", question.as_of.as_micros()));
    line(format!("skew {}", question.skew.as_nanos()));
    for (since, offset, first_day) in question.calendar.periods() {
        line(format!("days {} {offset} {first_day}", since.as_micros()));
    }
    for goal in &question.goals {
        line(goal_text(goal));
    }
    if let Some(at) = question.closed_at {
        line(format!("closed {}", at.as_micros()));
    }
    for span in &question.excluded {
        let (from, until) = (span.start.as_micros(), span.end.as_micros());
        line(format!("excluded {from} {until}"));
    }
    lines
}

fn goal_text(asked: &AskedGoal) -> String {
    let sum = |sum: &Sum| match sum {
        Sum::Count => "count",
        Sum::Value => "value",
    };
    let (from, window) = (asked.window_from.as_nanos(), asked.window.as_nanos());
    let mut text = format!("goal {} {from} {window} ", asked.goal);
    let written = match &asked.measure {
        Measure::Rate => write!(text, "rate"),
        Measure::Total(amount) => write!(text, "{}", sum(amount)),
        Measure::Ratio {
            numerator,
            goal,
            denominator,
        } => write!(text, "{}/{} {goal}", sum(numerator), sum(denominator)),
    };
    // Writing into a text cannot fail.
    written.ok();
    if let Some(cap) = asked.cap {
        text.push_str(&format!(" cap {cap}"));
    }
    if asked.looks_back() {
        text.push_str(&format!(" lookback {}", asked.lookback.as_nanos()));
    }
    text
}
