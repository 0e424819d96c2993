//! Which of several definitions stays.

use crate::store::{Batch, DefinitionName, Store, conformance::fixtures::phase};

use super::facts::{definition, delay, exposed, held, known, write};

/// Of two definitions with one fingerprint, the earlier stays, whenever it is written; at one time, the
/// smaller text.
pub fn the_earliest_definition_stays(store: &dyn Store) {
    write(
        store,
        &[
            definition(2, 20, "{\"n\":2}"),
            definition(1, 30, "{\"n\":3}"),
        ],
    );
    write(store, &[definition(1, 10, "{\"n\":5}")]);
    write(store, &[definition(1, 11, "{\"n\":1}")]);
    let expected = |json: &str| vec![(1, 10, json.into()), (2, 20, "{\"n\":2}".into())];
    assert_eq!(known(store), expected("{\"n\":5}"));
    write(
        store,
        &[
            definition(1, 10, "{\"n\":4}"),
            definition(1, 10, "{\"n\":6}"),
        ],
    );
    assert_eq!(known(store), expected("{\"n\":4}"));
}

/// An exposure may name a definition whose JSON comes later, or never.
pub fn the_json_of_a_definition_may_come_later(store: &dyn Store) {
    write(store, &[exposed((5, Some(7), None))]);
    assert!(known(store).is_empty());
    assert_eq!(held(store), (5, Some(7), None));
    write(store, &[definition(7, 9, "{}")]);
    assert_eq!(known(store), [(7, 9, "{}".into())]);
    assert_eq!(held(store), (5, Some(7), None));
}

/// A definition that is only listed is dumped, and so is a segment.
pub fn a_definition_without_json_is_dumped(store: &dyn Store) {
    let mut batch = Batch::default();
    batch.definition(&DefinitionName {
        phase: delay(),
        fingerprint: [7; 32],
    });
    batch.segment(&"a".into());
    store.write(&batch).unwrap();
    assert!(known(store).is_empty());
    let mut names = Vec::new();
    let dump = store.dump(&mut |batch| {
        names.extend(batch.definition_names().iter().cloned());
        names.extend(batch.segments().iter().map(|segment| DefinitionName {
            phase: phase(segment, 1, ""),
            fingerprint: [0; 32],
        }));
        Ok(())
    });
    dump.unwrap();
    assert_eq!(
        names,
        [
            DefinitionName {
                phase: delay(),
                fingerprint: [7; 32],
            },
            DefinitionName {
                phase: phase("a", 1, ""),
                fingerprint: [0; 32],
            },
        ]
    );
}
