//! An edit of a set moves that set's keys and no others.

use proptest::prelude::*;
use tower_tracks::{Choice, MultiTrackSet};

use super::{
    config,
    plan::{Plan, build, group, group_and_one, share},
    text::keys,
};

/// Whether two choices are the same, down to the coin.
fn alike(one: &Choice<'_>, other: &Choice<'_>) -> bool {
    let all = |choice: &Choice<'_>| (choice.to_string(), choice.coin(), choice.digest());
    all(one) == all(other)
}

/// Returns a group of plans of which one is edited.
fn edited(plans: &[Plan], one: usize, edit: impl Fn(&mut Plan)) -> MultiTrackSet {
    let mut plans = plans.to_vec();
    edit(&mut plans[one]);
    build(&plans).unwrap()
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn the_order_of_sets_is_irrelevant(
        (plans, shuffled) in group().prop_flat_map(|plans| (Just(plans.clone()), Just(plans).prop_shuffle())),
        keys in keys(),
    ) {
        let [before, after] = [build(&plans).unwrap(), build(&shuffled).unwrap()];
        for key in &keys {
            prop_assert!(alike(&before.assign(key, &()), &after.assign(key, &())));
        }
    }

    /// Read backwards: a set that is added only takes keys, and moves none between the others.
    #[test]
    fn a_removed_set_moves_its_own_keys_alone((plans, one) in group_and_one(), keys in keys()) {
        let before = build(&plans).unwrap();
        let mut rest = plans;
        let removed = rest.remove(one);
        let after = build(&rest).unwrap();
        for key in &keys {
            let (before, after) = (before.assign(key, &()), after.assign(key, &()));
            prop_assert!(before.set() == Some(&removed.name) || alike(&before, &after));
        }
    }

    #[test]
    fn lost_eligibility_moves_its_own_keys_alone((plans, one) in group_and_one(), keys in keys()) {
        let before = edited(&plans, one, |plan| plan.eligible = true);
        let after = edited(&plans, one, |plan| plan.eligible = false);
        for key in &keys {
            let (before, after) = (before.assign(key, &()), after.assign(key, &()));
            prop_assert!(before.set() == Some(&plans[one].name) || alike(&before, &after));
        }
    }

    #[test]
    fn a_growing_weight_only_wins_keys(
        (plans, one) in group_and_one(),
        weights in [0..=1_u64 << 32, 0..=1_u64 << 32],
        keys in keys(),
    ) {
        let name = Some(&*plans[one].name);
        let light = edited(&plans, one, |plan| plan.weight = weights[0].min(weights[1]));
        let heavy = edited(&plans, one, |plan| plan.weight = weights[0].max(weights[1]));
        for key in &keys {
            let (before, after) = (light.assign(key, &()), heavy.assign(key, &()));
            prop_assert!(after.set() == name || alike(&before, &after));
        }
    }

    #[test]
    fn a_growing_share_only_adds(
        (plans, one) in group_and_one(),
        shares in [share(), share()],
        keys in keys(),
    ) {
        let small = edited(&plans, one, |plan| plan.share = shares[0].min(shares[1]));
        let large = edited(&plans, one, |plan| plan.share = shares[0].max(shares[1]));
        for key in &keys {
            let (before, after) = (small.assign(key, &()), large.assign(key, &()));
            prop_assert_eq!(before.set(), after.set());
            prop_assert!(!before.is_enrolled() || alike(&before, &after));
        }
    }

    /// What is hashed is the salt. A tie, which the names would decide, does not happen.
    #[test]
    fn a_new_name_with_the_old_salt_moves_nobody((plans, one) in group_and_one(), keys in keys()) {
        let salt = plans[one].salt.as_ref().unwrap_or(&plans[one].name);
        let before = build(&plans).unwrap();
        let after = edited(&plans, one, |plan| {
            plan.salt = Some(salt.clone());
            plan.name = "renamed".to_owned();
        });
        for key in &keys {
            let (before, after) = (before.assign(key, &()), after.assign(key, &()));
            prop_assert_eq!((before.digest(), before.track()), (after.digest(), after.track()));
        }
    }
}
