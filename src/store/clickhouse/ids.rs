//! Ids of names: hashes of them, so that all writers compute the same ids, and none has to look one up.
//!
//! They have 64 bits. Among a hundred thousand names, two have the same id once in four billion stores.

use sha2::{Digest, Sha256};

use crate::{
    event::Goal,
    store::facts::{DefinitionName, PhaseName, TrackName, WriterRow},
};

/// The order of an exposure without a definition: after all others.
pub(super) const NO_PRINT: u64 = u64::MAX;

/// Returns the first bytes of a digest of the parts. No valid name has a zero byte.
fn id(kind: &str, parts: &[&[u8]]) -> i64 {
    let mut digest = Sha256::new();
    digest.update(kind.as_bytes());
    for part in parts {
        digest.update([0]);
        digest.update(part);
    }
    let mut first = [0; 8];
    first.copy_from_slice(&digest.finalize()[..8]);
    // In losses, 0 stands for no name.
    match i64::from_le_bytes(first) {
        0 => 1,
        id => id,
    }
}

pub(super) fn phase(name: &PhaseName) -> i64 {
    // By set and number: the kind is not a part of the name.
    id("phase", &[name.set.as_bytes(), &name.phase.to_be_bytes()])
}

pub(super) fn track(name: &TrackName) -> i64 {
    let phase = phase(&name.phase).to_be_bytes();
    id("track", &[&phase, name.track.as_bytes()])
}

pub(super) fn goal(goal: &Goal) -> i64 {
    id("goal", &[goal.as_str().as_bytes()])
}

pub(super) fn writer(writer: &WriterRow) -> i64 {
    id("writer", &[&writer.uuid])
}

/// Returns the first eight bytes of a fingerprint as a number, whose order is that of fingerprints.
pub(super) fn print(fingerprint: &[u8; 32]) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&fingerprint[..8]);
    u64::from_be_bytes(first).min(NO_PRINT - 1)
}

/// Returns the id of a definition. A statement computes it from both numbers, too.
pub(super) fn definition(name: &DefinitionName) -> i64 {
    phase(&name.phase) ^ print(&name.fingerprint).cast_signed()
}

/// Returns the id of a segment, as `reinterpretAsInt64(substring(SHA256(segment), 1, 8))` does.
pub(super) fn segment(name: &str) -> i64 {
    let mut first = [0; 8];
    first.copy_from_slice(&Sha256::digest(name.as_bytes())[..8]);
    i64::from_le_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_have_the_ids_of_the_statement() {
        assert_eq!(segment("a"), -3_837_880_752_741_967_926);
    }

    #[test]
    fn fingerprints_keep_their_order() {
        let [one, two] = [1, 2].map(|byte| print(&[byte; 32]));
        assert!(one < two && two < print(&[0xff; 32]) && print(&[0xff; 32]) < NO_PRINT);
    }
}
