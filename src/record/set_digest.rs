//! The identity of sets in memory.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::assign::Set;

/// A digest of a set in memory: 128 bits of its definition and its plan. A set that is built again,
/// for instance per connection, has the same digest.
///
/// The application writes its sets, so the hash need not resist attacks. It is not stable across
/// versions of Rust, and never stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::record) struct SetDigest([u64; 2]);

impl SetDigest {
    /// Returns the digest of a set: two hashes with different beginnings.
    pub(in crate::record) fn of(set: &Set) -> Self {
        Self([0, 1].map(|half| {
            let mut hasher = DefaultHasher::new();
            hasher.write_u8(half);
            hash(set, &mut hasher);
            hasher.finish()
        }))
    }
}

/// Hashes every field that is written of a set.
fn hash(set: &Set, hasher: &mut DefaultHasher) {
    (set.name(), set.former_names()).hash(hasher);
    (set.bucketing(), set.salt()).hash(hasher);
    (set.phase(), set.unit_kind(), set.weight()).hash(hasher);
    set.share().to_bits().hash(hasher);
    for track in set.tracks() {
        (track.name(), track.weight(), track.is_control()).hash(hasher);
    }
    let plan = set.plan().map(serde_json::to_vec);
    // A plan that was built can be written.
    plan.map(Result::unwrap_or_default).hash(hasher);
}
