//! Answers do not depend on merges: parts that are never merged, and parts that always are.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::SeqCst},
};

use tower_tracks::store::{
    Attribute, ClickHouse, Memory, Store,
    conformance::{dumped, random},
};

use super::{
    database::{Database, TABLES},
    facts::{met, question},
};
use crate::record::hooked::Hooked;

/// Returns a store whose parts are merged after each change, before anything is read.
fn merged() -> Option<(Hooked, Arc<Database>)> {
    let database = Arc::new(Database::new()?);
    let of_hook = Arc::clone(&database);
    let is_changed = AtomicBool::new(false);
    let store = Hooked::new(Arc::new(database.store()), move |method| {
        // An erasure and a retention read before they delete.
        if method != "write" && is_changed.swap(false, SeqCst) {
            merge(&of_hook);
        }
        is_changed.fetch_or(matches!(method, "write" | "erase" | "retain"), SeqCst);
        Ok(())
    });
    Some((store, database))
}

/// Merges the parts of the tables of facts.
fn merge(database: &Database) {
    for table in ["exposure", "conversion", "alias", "erased", "definition"] {
        database.query(&format!("OPTIMIZE TABLE {{database}}.{table} FINAL"));
    }
}

/// Returns a store whose parts are merged on request alone.
pub(super) fn unmerged() -> Option<(ClickHouse, Database)> {
    let database = Database::new()?;
    let store = database.store();
    for table in TABLES {
        // `SYSTEM STOP MERGES` would stop deletions, too.
        database.query(&format!(
            "ALTER TABLE {{database}}.{table} MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1, \
             max_bytes_to_merge_at_min_space_in_pool = 1"
        ));
    }
    Some((store, database))
}

#[test]
fn histories_are_those_of_memory_after_each_merge() {
    for seed in 20..20 + random::rounds() {
        random::history_of_seed(merged, seed);
    }
}

#[test]
fn histories_are_those_of_memory_without_a_merge() {
    for seed in 1_000..1_000 + random::rounds() {
        random::history_of_seed(unmerged, seed);
    }
}

#[test]
fn a_merge_changes_no_answer() {
    let Some((store, database)) = unmerged() else {
        return;
    };
    let memory = Memory::default();
    for later in [50, 0, 70, 20] {
        for numbers in [0..400, 200..600, 100..900] {
            let batch = met(numbers, later);
            store.write(&batch).unwrap();
            memory.write(&batch).unwrap();
        }
    }
    let parts = "SELECT count() FROM system.parts WHERE active AND database = '{database}' AND table = 'exposure'";
    assert!(database.number(parts) > 1);
    let expected = (memory.attribute(&question()).unwrap(), dumped(&memory));
    let answer = || (store.attribute(&question()).unwrap(), dumped(&store));
    assert_eq!(answer(), expected);
    for table in TABLES {
        database.query(&format!("OPTIMIZE TABLE {{database}}.{table} FINAL"));
    }
    assert_eq!(database.number(parts), 1);
    assert_eq!(answer(), expected);
}
