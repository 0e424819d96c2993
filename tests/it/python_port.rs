//! What the tests of the Python package `tracks` 0.1.1 say, said of this crate in its scheme.
//!
//! Where they draw random keys, these count, so that every run is the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed},
};
use tower_tracks::{
    Choice, Key, MultiTrackSet, ParamTrackSet, SimpleTrackSet,
    assign::{Bucketing, ContextState, Definition, Join, NoContext, Run},
};

/// The store of the stories: two coconuts.
#[derive(Clone, Debug, PartialEq)]
struct Catalog {
    products: Vec<(String, f64)>,
}

impl Catalog {
    fn load() -> Self {
        let products = [("coconut", 50.0), ("small coconut", 20.0)];
        Self {
            products: products
                .map(|(name, price)| (name.to_owned(), price))
                .into(),
        }
    }

    fn reprice(&mut self, delta: f64) {
        self.products
            .iter_mut()
            .for_each(|(_, price)| *price += delta);
    }

    fn rename(&mut self, prefix: &str) {
        self.products
            .iter_mut()
            .for_each(|(name, _)| name.insert_str(0, prefix));
    }

    fn repriced(delta: f64) -> Self {
        let mut catalog = Self::load();
        catalog.reprice(delta);
        catalog
    }
}

struct Customer {
    is_vip: bool,
}

const VIP: Customer = Customer { is_vip: true };
const ORDINARY: Customer = Customer { is_vip: false };

fn pricing() -> SimpleTrackSet<Run<Catalog>> {
    SimpleTrackSet::new("pricing")
        .run("expensive", |catalog: &mut Catalog| catalog.reprice(1.0))
        .run("cheap", |catalog| catalog.reprice(-1.0))
}

fn super_name() -> SimpleTrackSet<Run<Catalog>> {
    SimpleTrackSet::new("super_name").run("changed_name", |catalog: &mut Catalog| {
        catalog.rename("Super ");
    })
}

/// The group of one set, in Python's scheme.
fn python<D>(definition: D) -> MultiTrackSet<<D::State as ContextState>::Context>
where
    D: Definition,
    NoContext: Join<D::State, Joined = D::State>,
{
    let group = MultiTrackSet::builder().bucketing(Bucketing::Python);
    group.add(definition).build().unwrap()
}

/// Returns the catalog that a customer sees.
fn shown(choice: &Choice<'_>) -> Catalog {
    let mut catalog = Catalog::load();
    choice.run(&mut catalog);
    catalog
}

fn keys() -> impl Iterator<Item = Key<'static>> {
    (0..1000).map(Key::from)
}

fn tracks_of<C: 'static>(group: &MultiTrackSet<C>, context: &C) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for key in keys() {
        let choice = group.assign(key, context).to_string();
        *counts.entry(choice).or_default() += 1;
    }
    counts
}

#[track_caller]
fn check_all_occur<C: 'static>(group: &MultiTrackSet<C>, context: &C, expected: &[&str]) {
    let counts = tracks_of(group, context);
    let occurring: Vec<&str> = counts.keys().map(String::as_str).collect();
    assert_eq!(occurring, expected);
}

mod stories {
    use super::*;

    #[test]
    fn simple_tracks_change_prices() {
        let pricing = python(pricing());
        for key in keys() {
            let choice = pricing.assign(key, &());
            let delta = match choice.track().unwrap() {
                "cheap" => -1.0,
                "control" => 0.0,
                "expensive" => 1.0,
                other => panic!("unknown track {other}"),
            };
            assert_eq!(shown(&choice), Catalog::repriced(delta), "{choice}");
        }
        check_all_occur(
            &pricing,
            &(),
            &["pricing/cheap", "pricing/control", "pricing/expensive"],
        );
    }

    #[test]
    fn params_change_prices() {
        let name_of = |delta: &i32| format!("price_adjusted_by_{delta}");
        let pricing = ParamTrackSet::new("pricing", -2..=2, name_of)
            .without_control()
            .run(|catalog: &mut Catalog, delta| catalog.reprice(f64::from(*delta)));
        let pricing = python(pricing);
        for key in keys() {
            let choice = pricing.assign(key, &());
            let delta = *choice.value::<i32>().unwrap();
            assert_eq!(choice.track(), Some(name_of(&delta).as_str()));
            assert_eq!(
                shown(&choice),
                Catalog::repriced(f64::from(delta)),
                "{choice}"
            );
        }
        check_all_occur(
            &pricing,
            &(),
            &[
                "pricing/price_adjusted_by_-1",
                "pricing/price_adjusted_by_-2",
                "pricing/price_adjusted_by_0",
                "pricing/price_adjusted_by_1",
                "pricing/price_adjusted_by_2",
            ],
        );
    }

    #[test]
    fn a_user_always_sees_the_same_prices() {
        let pricing = python(pricing());
        let mut seen = BTreeSet::new();
        for user in 0..=10 {
            let first = shown(&pricing.assign(user, &()));
            for _ in 0..100 {
                assert_eq!(shown(&pricing.assign(user, &())), first, "user {user}");
            }
            seen.insert(format!("{first:?}"));
        }
        assert!(seen.len() > 1);
    }

    #[test]
    fn important_customers_are_left_alone() {
        let pricing = python(pricing().eligible(|customer: &Customer| !customer.is_vip));
        for key in keys() {
            let choice = pricing.assign(key, &VIP);
            assert_eq!((choice.set(), choice.track()), (None, None));
            assert_eq!(shown(&choice), Catalog::load());
        }
        check_all_occur(
            &pricing,
            &ORDINARY,
            &["pricing/cheap", "pricing/control", "pricing/expensive"],
        );
    }

    #[test]
    fn at_most_one_of_two_sets_is_chosen() {
        let group = MultiTrackSet::builder()
            .bucketing(Bucketing::Python)
            .add(pricing())
            .add(super_name())
            .build()
            .unwrap();
        for key in keys() {
            let choice = group.assign(key, &());
            let mut expected = Catalog::load();
            match choice.to_string().as_str() {
                "pricing/cheap" => expected.reprice(-1.0),
                "pricing/expensive" => expected.reprice(1.0),
                "super_name/changed_name" => expected.rename("Super "),
                "pricing/control" | "super_name/control" => {}
                other => panic!("unknown track {other}"),
            }
            assert_eq!(shown(&choice), expected, "{choice}");
        }
        check_all_occur(
            &group,
            &(),
            &[
                "pricing/cheap",
                "pricing/control",
                "pricing/expensive",
                "super_name/changed_name",
                "super_name/control",
            ],
        );
    }

    #[test]
    fn a_heavy_set_is_chosen_often() {
        let group = MultiTrackSet::builder()
            .bucketing(Bucketing::Python)
            .add(pricing().weight(9))
            .add(super_name().weight(1))
            .build()
            .unwrap();
        let often = |set| {
            let chosen = |key: &Key<'_>| group.assign(key, &()).set() == Some(set);
            keys().filter(chosen).count()
        };
        let (heavy, light) = (often("pricing"), often("super_name"));
        assert!((850..=950).contains(&heavy), "{heavy}");
        assert!((50..=150).contains(&light), "{light}");
        assert_eq!(heavy + light, 1000);
    }

    #[test]
    fn a_key_without_an_eligible_set_gets_none() {
        let group = MultiTrackSet::builder()
            .bucketing(Bucketing::Python)
            .add(pricing().eligible(|customer: &Customer| !customer.is_vip))
            .add(super_name().eligible(|customer: &Customer| !customer.is_vip))
            .build()
            .unwrap();
        for key in keys() {
            let choice = group.assign(key, &VIP);
            assert_eq!((choice.set(), choice.track()), (None, None));
            assert_eq!(shown(&choice), Catalog::load());
        }
        assert_eq!(tracks_of(&group, &ORDINARY).len(), 5);
    }

    #[test]
    fn delays_are_carried() {
        #[derive(Clone, Copy, Debug, PartialEq)]
        struct Delay(Duration);

        let short = Delay(Duration::from_millis(500));
        let long = Delay(Duration::from_secs(2));
        let delay = SimpleTrackSet::new("delay")
            .track("short", short)
            .track("long", long);
        let delay = python(delay);
        for key in keys() {
            let choice = delay.assign(key, &());
            let expected = match choice.track().unwrap() {
                "control" => None,
                "short" => Some(short),
                "long" => Some(long),
                other => panic!("unknown track {other}"),
            };
            assert_eq!(choice.value().copied(), expected);
        }
        check_all_occur(&delay, &(), &["delay/control", "delay/long", "delay/short"]);
    }

    /// The tracks are what Python's hashlib gives: the MD5 of `pricing:` and the key, modulo 3.
    #[test]
    fn a_country_and_an_article_are_one_key() {
        let pricing = python(pricing());
        for (country, article, track) in [
            ("HU", 42, "expensive"),
            ("HU", 43, "control"),
            ("DE", 42, "expensive"),
            ("AT", 7, "control"),
        ] {
            let key = format!("{country}:{article}");
            assert_eq!(pricing.assign(&key, &()).track(), Some(track), "{key}");
            assert_eq!(pricing.assign(key, &()).track(), Some(track));
        }
    }
}

mod units {
    use super::*;

    fn foobar() -> SimpleTrackSet<u8> {
        SimpleTrackSet::new("foobar")
            .track("foo", 1)
            .track("bar", 2)
    }

    #[track_caller]
    fn check_order<C: 'static>(group: &MultiTrackSet<C>, expected: &[&str]) {
        let sets: Vec<_> = group.sets().collect();
        let names: Vec<&str> = sets[0].tracks().iter().map(|track| track.name()).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn tracks_are_gathered_by_the_names_of_their_methods() {
        check_order(&python(foobar()), &["control", "bar", "foo"]);
        check_order(&python(foobar().without_control()), &["bar", "foo"]);
        // `a2_track` is before `a_track`, though `a` is before `a2`.
        let near = SimpleTrackSet::new("near").track("a", 1).track("a2", 2);
        check_order(&python(near), &["control", "a2", "a"]);
        // A control that is one of the tracks is a method like the others.
        check_order(&python(foobar().control("foo")), &["bar", "foo"]);
    }

    #[test]
    fn params_stay_in_their_order() {
        let params = ParamTrackSet::new("foobar", [2, 10, 1], |n| format!("by_{n}"));
        check_order(&python(params), &["control", "by_2", "by_10", "by_1"]);
    }

    #[test]
    fn the_choice_knows_its_definition() {
        let group = python(foobar());
        let definition = group.assign("alice", &()).definition().unwrap();
        assert_eq!(definition.name(), "foobar");
        assert_eq!(definition.bucketing(), Bucketing::Python);
        assert_eq!(definition.tracks().len(), 3);
    }

    #[test]
    fn an_eligible_key_is_in_one_of_the_tracks() {
        let group = python(foobar().eligible(|customer: &Customer| !customer.is_vip));
        assert!(!group.assign("alice", &VIP).is_enrolled());
        let choice = group.assign("alice", &ORDINARY);
        assert!(matches!(choice.track(), Some("control" | "bar" | "foo")));
        let unrestricted = python(foobar());
        let choice = unrestricted.assign("alice", &());
        assert!(matches!(choice.track(), Some("control" | "bar" | "foo")));
    }

    #[test]
    fn one_key_has_one_track() {
        #[track_caller]
        fn check<'a>(key: impl Into<Key<'a>>) {
            let (group, again) = (python(foobar()), python(foobar()));
            let key = key.into();
            let first = group.assign(&key, &()).track();
            assert!(first.is_some());
            for _ in 0..1000 {
                assert_eq!(group.assign(&key, &()).track(), first);
                assert_eq!(again.assign(&key, &()).track(), first);
            }
        }

        check(42);
        check("alice");
        check(Key::parts(["HU", "42"]));
        check("");
    }

    #[test]
    fn many_keys_have_many_tracks() {
        check_all_occur(
            &python(foobar()),
            &(),
            &["foobar/bar", "foobar/control", "foobar/foo"],
        );
    }

    #[test]
    fn this_scheme_has_no_coin_and_no_digest() {
        let group = python(foobar());
        let choice = group.assign("alice", &());
        assert_eq!((choice.coin(), choice.digest()), (None, None));
    }

    #[test]
    fn names_are_masked() {
        let group = python(foobar());
        let choice = group.assign("alice", &());
        assert_eq!(choice.masked_set().as_deref(), Some("3858f62"));
        let masked = choice.masked_track().unwrap();
        assert!(is_masked(&masked) && choice.track() != Some(masked.as_str()));

        let v1 = foobar().build().unwrap();
        let choice = v1.assign("alice", &());
        assert_eq!((choice.masked_set(), choice.masked_track()), (None, None));

        let nobody = python(foobar().weight(0));
        let choice = nobody.assign("alice", &());
        assert_eq!((choice.masked_set(), choice.masked_track()), (None, None));
    }

    fn is_masked(name: &str) -> bool {
        name.len() == 7
            && name
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }

    proptest! {
        #![proptest_config(Config {
            rng_seed: RngSeed::Fixed(1),
            failure_persistence: None,
            ..Config::default()
        })]

        #[test]
        fn masking_depends_on_the_salt_alone(salt in any::<String>(), key in any::<String>()) {
            // A salt that looks like a later phase's is refused.
            let like_phase = SimpleTrackSet::new("a").track("x", 1).salt(&salt).build().is_err();
            prop_assume!(!like_phase);
            let group = python(foobar().salt(&salt));
            let masked = group.assign(&key, &()).masked_set().unwrap();
            prop_assert!(is_masked(&masked));
            let renamed = SimpleTrackSet::new("renamed").track("x", 1).salt(&salt);
            let renamed = python(renamed);
            prop_assert_eq!(renamed.assign("other", &()).masked_set().unwrap(), masked);
        }
    }
}
