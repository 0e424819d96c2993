use std::hash::{DefaultHasher, Hash, Hasher};

use crate::assign::Set;

/// What a set is known by in memory: 128 bits of its definition and its plan, of all that is written
/// of it. A set that is built again, as for each connection, is the same set.
///
/// Sets are written by the application, not by strangers, so it need not withstand these.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::record) struct SetDigest([u64; 2]);

impl SetDigest {
    pub(in crate::record) fn of(set: &Set) -> Self {
        Self([0, 1].map(|half| {
            let mut hasher = DefaultHasher::new();
            hasher.write_u8(half);
            hash(set, &mut hasher);
            hasher.finish()
        }))
    }
}

fn hash(set: &Set, hasher: &mut DefaultHasher) {
    (set.name(), set.bucketing(), set.salt()).hash(hasher);
    (set.phase(), set.unit(), set.weight()).hash(hasher);
    set.share().to_bits().hash(hasher);
    for track in set.tracks() {
        (track.name(), track.weight(), track.is_control()).hash(hasher);
    }
    let plan = set.plan().map(serde_json::to_vec);
    // A plan that was built can be written.
    plan.map(Result::unwrap_or_default).hash(hasher);
}
