//! Keys and salts of any length and script.

use proptest::{collection::vec, prelude::*};

/// Returns a key: of any characters, long, or as long as to fill a block of the hash just or
/// not quite.
pub(super) fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        (0_u64..1_000_000).prop_map(|number| number.to_string()),
        "[a-z]{0,130}",
        characters(0..1500),
    ]
}

pub(super) fn keys() -> impl Strategy<Value = Vec<String>> {
    vec(key(), 1..10)
}

/// Returns a salt: short, or longer than a block, or beginning the next one.
pub(super) fn salt() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zA-Z0-9@:,/ ]{0,20}",
        "[a-z]{40,140}",
        characters(0..200),
    ]
}

fn characters(length: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    vec(any::<char>(), length).prop_map(String::from_iter)
}
