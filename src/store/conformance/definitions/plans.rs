//! Plans of sets.

use crate::store::{PlanEntry, Store, conformance::fixtures::at};

use super::facts::{delay, plan, write};

/// A plan that returned occurs again, and the same row once.
pub fn plans_are_a_log(store: &dyn Store) {
    let (one, other) = ("{\"units\": 1}", "{\"units\": 2}");
    write(store, &[plan(30, one), plan(10, one), plan(20, other)]);
    write(store, &[plan(10, one), plan(10, other), plan(10, one)]);
    let phases = store.phases().unwrap();
    let entry = |micros, json: &str| PlanEntry {
        first_at: at(micros),
        json: json.into(),
    };
    let expected = [
        entry(10, one),
        entry(10, other),
        entry(20, other),
        entry(30, one),
    ];
    assert_eq!(phases[0].plans, expected);
    assert_eq!((phases[0].name.clone(), phases.len()), (delay(), 1));
}

/// Plans may be longer than a page of a database.
pub fn long_plans_are_kept(store: &dyn Store) {
    // PostgreSQL moves long texts out of their row, unless they become short by compression.
    let hypotheses = ["x", "y"].map(|end| format!("{{\"h\":\"{}{end}\"}}", random(20_000)));
    let facts = hypotheses.each_ref().map(|json| plan(1, json));
    write(store, &facts);
    write(store, &facts);
    let plans = store.phases().unwrap().remove(0).plans;
    let texts: Vec<&str> = plans.iter().map(|plan| &*plan.json).collect();
    assert_eq!(texts, hypotheses.each_ref());
}

/// Returns letters that cannot be compressed well.
fn random(letters: u64) -> String {
    let mixed = |number: u64| (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let letters = (0..letters).map(|number| char::from(b'a' + (mixed(number) % 26) as u8));
    letters.collect()
}
