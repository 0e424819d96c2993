//! Definitions, plans and reports as JSON: mostly of the right form, with numbers of any size.

use serde_json::{Value, json};

use super::{
    input::Input,
    rows::{GOALS, TRACKS},
};

/// A number as JSON may have it; one in sixteen is none that anything here takes.
fn number(input: &mut Input<'_>) -> Value {
    match input.byte() % 16 {
        0 => json!(input.value()),
        1 => json!(*input.pick(&[0.5, -1.5, 1e308, -1e308, 5e-324, 1e19])),
        2 => json!(*input.pick(&["no number", "", "1"])),
        _ => json!(input.count()),
    }
}

/// Whole numbers as settings have them.
fn whole(input: &mut Input<'_>) -> Value {
    match input.one_in(16) {
        true => number(input),
        false => json!(input.count()),
    }
}

fn maybe(input: &mut Input<'_>, some: fn(&mut Input<'_>) -> Value) -> Value {
    match input.one_in(2) {
        true => some(input),
        false => Value::Null,
    }
}

fn duration(input: &mut Input<'_>) -> Value {
    let secs = match input.one_in(2) {
        true => whole(input),
        false => json!(u64::from(input.byte()) * 43_200),
    };
    json!({ "secs": secs, "nanos": input.byte() })
}

fn metric(input: &mut Input<'_>) -> Value {
    let sum = |input: &mut Input<'_>| *input.pick(&["count", "value"]);
    let kind = match input.byte() % 4 {
        0 => json!("rate"),
        1 => json!("count"),
        2 => json!("value"),
        _ => json!({ "ratio": {
            "numerator": sum(input), "goal": input.pick(&GOALS), "denominator": sum(input),
        } }),
    };
    json!({
        "goal": input.pick(&GOALS),
        "kind": kind,
        "cap": maybe(input, |input| json!(input.value())),
        "window": maybe(input, duration),
        "window_from": match input.one_in(8) {
            true => duration(input),
            false => json!({ "secs": 0, "nanos": 0 }),
        },
        "less_is_better": input.one_in(2),
    })
}

pub(super) fn plan(input: &mut Input<'_>) -> String {
    plan_value(input).to_string()
}

fn plan_value(input: &mut Input<'_>) -> Value {
    let metrics = |input: &mut Input<'_>| {
        let count = input.byte() % 3;
        (0..count).map(|_| metric(input)).collect::<Vec<_>>()
    };
    json!({
        "primary": maybe(input, metric),
        "also": metrics(input),
        "guardrails": metrics(input),
        "window": maybe(input, duration),
        "units": maybe(input, whole),
        "expected_units": maybe(input, whole),
        "owner": "",
        "hypothesis": "",
        "start": maybe(input, whole),
        "time_zone": input.pick(&[Value::Null, json!("Europe/Berlin"), json!("Apia"), json!("")]),
    })
}

pub(super) fn definition(input: &mut Input<'_>) -> String {
    let tracks: Vec<Value> = (0..input.byte() % 4)
        .map(|index| {
            json!({
                "name": TRACKS[usize::from(index)],
                "weight": match input.one_in(2) { true => whole(input), false => json!(1) },
                "control": index == 0,
            })
        })
        .collect();
    let definition = json!({
        "name": "a",
        "tracks": tracks,
        "unit": input.pick(&[Value::Null, json!("visitor"), json!("user")]),
        "share": maybe(input, number),
        "plan": maybe(input, plan_value),
    });
    definition.to_string()
}

/// A read-out that a report may take for its own.
pub(super) fn readout(input: &mut Input<'_>) -> String {
    let day = *input.pick(&[
        "2026-03-01",
        "292277-01-01",
        "-292277-01-01",
        "0000-01-01",
        "x",
    ]);
    let time = format!("{day}T12:00:00.000000Z");
    let decided = json!({
        "decided-at": time,
        "tracks": [{
            "track": input.pick(&TRACKS),
            "day": day,
            "units": [whole(input), whole(input)],
            "verdict": input.pick(&["better", "worse", "nothing"]),
            "sentence": "<b>",
        }],
    });
    let recorded = json!({ "as-of": time, "goals": [] });
    let all = [
        decided,
        recorded,
        json!({ "phase": whole(input) }),
        Value::Null,
    ];
    input.pick(&all).to_string()
}

/// Returns a report with any of its numbers, texts and choices changed.
pub(super) fn mutated(input: &mut Input<'_>, report: &str) -> String {
    let mut report: Value = serde_json::from_str(report).unwrap();
    change(input, &mut report);
    report.to_string()
}

fn change(input: &mut Input<'_>, value: &mut Value) {
    const TEXTS: [&str; 7] = [
        "",
        "<script>",
        "2026-03-01",
        "292277-01-09",
        "-292277-01-01T00:00:00.000000Z",
        "not-found",
        "\u{202e}",
    ];
    match value {
        Value::Array(items) => {
            if input.one_in(16) {
                items.truncate(usize::from(input.byte()));
            }
            items.iter_mut().for_each(|item| change(input, item));
        }
        Value::Object(fields) => fields.values_mut().for_each(|field| change(input, field)),
        Value::Number(_) if input.one_in(6) => *value = number(input),
        Value::String(_) if input.one_in(24) => *value = json!(input.pick(&TEXTS)),
        Value::Bool(is_so) => *is_so ^= input.one_in(8),
        Value::Null if input.one_in(24) => *value = number(input),
        _ => {}
    }
}
