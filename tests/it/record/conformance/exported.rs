//! Facts that went through lines of JSON.

use proptest::prelude::*;
use tower_tracks::{
    files::{Export, Import},
    store::{Memory, Store, Timestamp},
};

use super::{
    Open,
    dumped::dumped,
    facts::{Conversion, Definition, Exposure, Fact, Plan, batch},
    history::runner,
    observed::same,
    pools::exportable,
};

/// What a store exports is what another imports, but for what is no line.
pub(in crate::record) fn exported(open: Open<'_>) {
    let facts = proptest::collection::vec(exportable(), 0..60);
    let result = runner().run(&facts, |facts| {
        let Some(store) = open() else { return Ok(()) };
        store
            .claim("pseudonym 618ddd5ab1ed96dfe369d4ac24fd6d40")
            .unwrap();
        let facts = facts.iter().filter(|fact| is_importable(fact));
        store.write(&batch(facts)).unwrap();
        let mut lines = Vec::new();
        Export::of(&*store).keys().json_lines(&mut lines).unwrap();
        let other = Memory::default();
        let imported = Import::json_lines(&*lines).into_store(&other).unwrap();
        prop_assert_eq!(imported.bad, 0, "{}", imported);
        same(&rows(&other), &rows(&*store));
        Ok(())
    });
    result.unwrap();
}

/// An import takes no times of before 1970, or of the future.
fn is_importable(fact: &Fact) -> bool {
    let at = match fact {
        Fact::Exposure(Exposure { first_at, .. })
        | Fact::Definition(Definition { first_at, .. })
        | Fact::Plan(Plan { first_at, .. }) => *first_at,
        Fact::Conversion(Conversion { at, .. }) => *at,
        Fact::Alias(row) => row.first_at,
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
