//! No two runs of sets hash the same salt, unless they are one run.

use proptest::prelude::*;
use tower_tracks::{MultiTrackSet, SimpleTrackSet};

use super::{config, text::salt};

fn group(salt: &str, phase: u32) -> Option<MultiTrackSet> {
    let set = SimpleTrackSet::new("delay").track("on", ());
    set.salt(salt).phase(phase).build().ok()
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn another_salt_or_phase_is_another_hash(
        salts in [salt(), salt()],
        same_salt: bool,
        phases in [1..30_u32, 1..30_u32],
    ) {
        let second = &salts[usize::from(!same_salt)];
        let groups = (group(&salts[0], phases[0]), group(second, phases[1]));
        let (Some(one), Some(other)) = groups else {
            // A salt that looks like a later phase's is refused.
            return Err(TestCaseError::reject("a salt was refused"));
        };
        let digests = [one, other].map(|group| group.assign("alice", &()).digest());
        let equal = (&salts[0], phases[0]) == (second, phases[1]);
        prop_assert_eq!(digests[0] == digests[1], equal);
    }

    /// A byte that goes from the salt to the key makes another message.
    #[test]
    fn salt_and_key_do_not_run_together(salt in "[a-z:,0-9]{1,70}", key in "[a-z:,0-9]{0,70}") {
        let (rest, last) = salt.split_at(salt.len() - 1);
        let one = group(&salt, 1).unwrap().assign(&key, &()).digest();
        let other = group(rest, 1).unwrap().assign(format!("{last}{key}"), &()).digest();
        prop_assert_ne!(one, other);
    }
}
