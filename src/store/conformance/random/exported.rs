use crate::{
    files::{Export, Import},
    store::{
        Memory, Store, Timestamp,
        conformance::{
            Opened, dumped,
            fixtures::{Draws, Fact, batch, random_line, same},
        },
    },
};

use super::seed::{Seed, rounds};

/// Writes random facts, exports them as lines of JSON, and imports these into [`Memory`], which then has
/// the same rows. It needs the feature `files`, so
/// [`store_conformance!`](crate::store::conformance::store_conformance) leaves it out.
pub fn exported_facts_can_be_imported<O: Opened>(open: impl Fn() -> O) {
    for seed in 0..rounds() {
        let opened = open();
        let Some(store) = opened.store() else { return };
        let printed = Seed::new("exported_facts_can_be_imported", seed);
        let mut draws = Draws::new(seed);
        let count = draws.below(printed.up_to(60));
        let mut facts = draws.many(count, random_line);
        facts.retain(is_importable);
        exported(store, &facts);
    }
}

fn exported(store: &dyn Store, facts: &[Fact]) {
    let units = "pseudonym 618ddd5ab1ed96dfe369d4ac24fd6d40";
    store.claim(units).unwrap();
    store.write(&batch(facts)).unwrap();
    let mut lines = Vec::new();
    Export::of(store).keys().json_lines(&mut lines).unwrap();
    let other = Memory::default();
    let imported = Import::json_lines(&*lines).into_store(&other).unwrap();
    assert_eq!(imported.bad, 0, "{imported}");
    same(&rows(&other), &rows(store));
}

/// An import takes no times before 1970 or in the future.
fn is_importable(fact: &Fact) -> bool {
    let at = match fact {
        Fact::Exposure(row) => row.first_at,
        Fact::Conversion(row) => row.at,
        Fact::Alias(row) => row.first_at,
        Fact::Definition(_, row) => row.first_at,
        Fact::Plan(_, row) => row.first_at,
        _ => Timestamp::default(),
    };
    (Timestamp::default()..Timestamp::now()).contains(&at)
}

/// Returns the rows that lines have, without names that no row refers to.
fn rows(store: &dyn Store) -> Vec<String> {
    let kinds = [
        "exposure ",
        "conversion ",
        "AliasRow",
        "definition ",
        "plan ",
        "loss ",
    ];
    let mut rows = dumped(store);
    rows.retain(|row| kinds.iter().any(|kind| row.starts_with(kind)));
    rows
}
