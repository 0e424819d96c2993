//! Any salt and any key.

use sha2::{Digest, Sha256};
use tower_tracks::{DefinitionError, Key, MultiTrackSet, SimpleTrackSet, assign::Bucketing};

/// The bytes before the first zero are the salt, those behind it the key.
pub(crate) fn run(data: &[u8]) {
    let zero = data
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(data.len());
    let (salt, key) = data.split_at(zero);
    let salt = String::from_utf8_lossy(salt);
    let key = String::from_utf8_lossy(key.get(1..).unwrap_or_default());
    check(&salt, &key, Bucketing::V1);
    check(&salt, &key, Bucketing::Python);
}

fn check(salt: &str, key: &str, bucketing: Bucketing) {
    let set = SimpleTrackSet::new("delay")
        .salt(salt)
        .track("short", 1)
        .track("long", 2);
    let sets = match MultiTrackSet::builder()
        .bucketing(bucketing)
        .add(set)
        .build()
    {
        Ok(sets) => sets,
        Err(DefinitionError::SaltLikePhase { .. }) => return,
        Err(error) => panic!("{error}"),
    };
    let choice = sets.assign(key, &());
    assert!(
        choice
            .track()
            .is_some_and(|track| ["control", "short", "long"].contains(&track))
    );
    let owned = Key::from(key).into_owned();
    assert_eq!(sets.assign(&owned, &()).to_string(), choice.to_string());
    if bucketing == Bucketing::V1 {
        let expected: [u8; 32] = Sha256::digest(format!("{}:{salt},{key}", salt.len())).into();
        assert_eq!(choice.digest(), Some(expected));
    }
}
