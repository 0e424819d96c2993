use crate::store::Store;

use super::{attribution::add_strangers, opened::Opened};

/// Runs a case on an empty store.
pub fn run<O: Opened>(open: impl FnOnce() -> O, case: impl FnOnce(&dyn Store)) {
    let opened = open();
    if let Some(store) = opened.store() {
        case(store);
    }
}

/// Runs a case on an empty store, and on one with [strangers](add_strangers).
pub fn run_among_strangers<O: Opened>(open: impl Fn() -> O, case: impl Fn(&dyn Store)) {
    // First without them, because a case that fails so is easier to read.
    run(&open, &case);
    run(&open, |store| {
        add_strangers(store);
        case(store);
    });
}
