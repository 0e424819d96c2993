//! No two keys of several parts are the same.

use proptest::{collection::vec, prelude::*};
use tower_tracks::Key;

use super::config;

/// Returns the parts of a key of several, read back from its text.
fn read(mut text: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    while !text.is_empty() {
        let (length, rest) = text.split_once(':')?;
        let (part, rest) = rest.split_at_checked(length.parse().ok()?)?;
        parts.push(part.to_owned());
        text = rest.strip_prefix(',')?;
    }
    Some(parts)
}

/// Returns parts, often of those characters that could be taken for lengths and their ends.
fn parts(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    vec(prop_oneof!["[0-3:,]{0,6}", any::<String>()], count)
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn several_parts_can_be_read_back(parts in parts(2..6)) {
        let key = Key::parts(&parts);
        let text = str::from_utf8(key.as_bytes()).unwrap();
        prop_assert_eq!(read(text), Some(parts));
    }

    #[test]
    fn several_parts_collide_with_no_others(one in parts(2..4), other in parts(2..4)) {
        prop_assert_eq!(Key::parts(&one) == Key::parts(&other), one == other);
    }

    #[test]
    fn a_single_part_is_the_key_as_it_is(part in any::<String>()) {
        prop_assert_eq!(Key::parts([&part]), Key::from(&part));
    }
}

/// A single part is not written as a netstring, so it may spell several parts; and no parts are
/// an empty one. Mixing both kinds in one set is a mistake.
#[test]
fn a_single_part_may_spell_several() {
    assert_eq!(Key::parts(["2:HU,2:42,"]), Key::parts(["HU", "42"]));
    assert_eq!(Key::parts([""]), Key::parts::<&str>([]));
}
