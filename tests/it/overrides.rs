//! Tokens that force a track: what was minted is accepted, and nothing else.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::*;
use tower_tracks::{
    Key, Units,
    middleware::{Force, ForceError, Forced, Mask, Override, Refused},
};

const SECRET: &str = "0123456789abcdef";

fn overrides() -> Override {
    Override::new(SECRET).unwrap()
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn mint(track: &str) -> String {
    let force = Force::new("pricing", track, at(60));
    overrides().mint(&force).unwrap()
}

#[track_caller]
fn check_refused(token: &str, expected: Refused) {
    let refused = overrides().verify(token, UNIX_EPOCH);
    assert_eq!(refused.unwrap_err(), expected, "{token}");
}

/// Numbers that only look random (SplitMix64), the same at each run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

proptest! {
    #![proptest_config(crate::properties::config(256))]

    #[test]
    fn a_minted_token_is_valid(
        set in "[a-z*][a-z0-9_.*-]{0,63}",
        track in "[A-Za-z0-9_.*-]{1,64}",
        phase in 1..=u32::MAX,
        seconds in 1..1_700_000_000_u64,
        key in proptest::option::of(".{0,300}"),
    ) {
        let mut force = Force::new(&set, &track, at(seconds)).phase(phase);
        if let Some(key) = &key {
            force = force.only_for("visitor", key);
        }
        let token = overrides().mint(&force).unwrap();
        let forced: Forced = overrides().verify(&token, at(seconds - 1)).unwrap();
        prop_assert_eq!((forced.set(), forced.track()), (&*set, &*track));
        prop_assert_eq!((forced.phase(), forced.expires()), (phase, at(seconds)));
        prop_assert_eq!(forced.is_for_everybody(), key.is_none());
        let other = format!("{}.", key.as_deref().unwrap_or_default());
        prop_assert_eq!(forced.is_for("visitor", &Key::from(&other)), key.is_none());
        let own = Key::from(key.as_deref().unwrap_or_default());
        prop_assert!(forced.is_for("visitor", &own));
        prop_assert_eq!(forced.is_for("user", &own), key.is_none());
        let needs_no_escape = |c: u8| c.is_ascii_alphanumeric() || b"_.*~-".contains(&c);
        prop_assert!(token.len() <= 256 && token.bytes().all(needs_no_escape));
        let over = overrides().verify(&token, at(seconds)).unwrap_err();
        prop_assert_eq!(over, Refused::Expired);
    }

    #[test]
    fn any_text_is_refused(token in any::<String>()) {
        prop_assert!(overrides().verify(&token, UNIX_EPOCH).is_err());
    }
}

#[test]
fn ten_thousand_valid_tokens_are_accepted() {
    let mut numbers = Numbers(1);
    for number in 0..10_000_u64 {
        let track = format!("{:x}", numbers.next());
        let force = Force::new(
            "pricing",
            track,
            at(1 + numbers.next() % Force::LONGEST.as_secs()),
        );
        let bound = force.clone().only_for("user", number);
        let force = if number % 2 == 0 { force } else { bound };
        let token = overrides().mint(&force).unwrap();
        assert!(overrides().verify(&token, UNIX_EPOCH).is_ok(), "{token}");
    }
}

/// A flip that leaves no text is refused before a token is looked at: a token is text.
#[test]
fn every_single_bit_flip_is_refused() {
    let bound = Force::new("*a", "-5", at(60))
        .phase(12)
        .only_for("user", 42);
    let tokens = [
        mint("cheap"),
        mint("control"),
        overrides().mint(&bound).unwrap(),
    ];
    for token in tokens {
        assert!(overrides().verify(&token, UNIX_EPOCH).is_ok());
        for bit in 0..8 * token.len() {
            let mut flipped = token.clone().into_bytes();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(flipped) = String::from_utf8(flipped) {
                assert!(
                    overrides().verify(&flipped, UNIX_EPOCH).is_err(),
                    "{flipped}"
                );
            }
        }
    }
}

#[test]
fn every_other_length_is_refused() {
    let token = mint("cheap");
    for length in 0..token.len() {
        assert!(overrides().verify(&token[..length], UNIX_EPOCH).is_err());
    }
    for more in ["0", "~", "~0", " ", "\0"] {
        check_refused(
            &format!("{token}{more}"),
            match more {
                "0" | " " | "\0" => Refused::Signature,
                _ => Refused::Malformed,
            },
        );
    }
    check_refused(&token.to_uppercase(), Refused::Malformed);
}

#[test]
fn a_tag_of_another_purpose_is_not_a_token() {
    let (token, units) = (mint("cheap"), Units::pseudonym(SECRET).unwrap());
    let body = token.rsplit_once('~').unwrap().0;
    let message = "7:pricing,1:1,5:cheap,2:60,1:-,";
    let mask = Mask::new(SECRET).unwrap().set(message).replace('*', "");
    let tags = [
        units.unit("visitor", &Key::from(message)).to_string(),
        units.unit("", &Key::from(message)).to_string(),
        units.unit(message, &Key::from("")).to_string(),
        mask.repeat(5)[..32].to_owned(),
    ];
    for tag in tags {
        check_refused(&format!("{body}~{tag}"), Refused::Signature);
    }
    let bound = Force::new("pricing", "cheap", at(60)).only_for("visitor", "alice");
    let bound = overrides().mint(&bound).unwrap();
    let unit = bound.split('~').nth(5).unwrap();
    check_refused(&format!("{body}~{unit}"), Refused::Signature);
    let alice = units.unit("visitor", &Key::from("alice"));
    assert_ne!(unit, alice.to_string());
}

#[test]
fn a_secret_is_replaced_in_three_steps() {
    let (old, new) = (overrides(), Override::new("fedcba9876543210").unwrap());
    let both = new.clone().also(SECRET).unwrap();
    let bound = Force::new("pricing", "cheap", at(60)).only_for("user", 42);
    for force in [Force::new("pricing", "cheap", at(60)), bound] {
        let (former, latter) = (old.mint(&force).unwrap(), both.mint(&force).unwrap());
        for token in [&former, &latter] {
            let forced = both.verify(token, UNIX_EPOCH).unwrap();
            assert!(forced.is_for("user", &Key::from(42)));
        }
        assert!(new.verify(&latter, UNIX_EPOCH).is_ok());
        for (overrides, token) in [(&new, former), (&old, latter)] {
            let refused = overrides.verify(&token, UNIX_EPOCH).unwrap_err();
            assert_eq!(refused, Refused::Signature);
        }
    }
}

#[test]
fn invalid_tokens_are_not_minted() {
    let check = |force: Force, message: &str| {
        let error: ForceError = overrides().mint(&force).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
    };
    let end = at(60);
    check(
        Force::new("Pricing", "a", end),
        "set \"Pricing\": a set's name is 1 to 64",
    );
    check(
        Force::new("a", "b~c", end),
        "track \"b~c\": a track's name is 1 to 64",
    );
    let kind = Force::new("a", "b", end).only_for("User", 42);
    check(kind, "unit \"User\": a unit's name is 1 to 64");
    check(
        Force::new("a", "b", end).phase(0),
        "set \"a\": the phase is 0",
    );
    let before = UNIX_EPOCH - Duration::from_secs(1);
    check(
        Force::new("a", "b", before),
        "a token ends after 1970 began",
    );
}

#[test]
fn a_token_works_for_at_most_ninety_days() {
    assert_eq!(Force::LONGEST, Duration::from_secs(90 * 24 * 3600));
    let longest = SystemTime::now() + Force::LONGEST;
    assert!(overrides().mint(&Force::new("a", "b", longest)).is_ok());
    let longer = Force::new("a", "b", longest + Duration::from_secs(3600));
    let refused = overrides().mint(&longer).unwrap_err();
    assert_eq!(refused, ForceError::TooLong);

    let end = at(1_700_000_000);
    let token = overrides().mint(&Force::new("a", "b", end)).unwrap();
    let first = end - Force::LONGEST;
    assert!(overrides().verify(&token, first).is_ok());
    let moment = Duration::from_nanos(1);
    let refused = overrides().verify(&token, first - moment).unwrap_err();
    assert_eq!(refused, Refused::TooLong);
}

#[test]
fn a_secret_that_nobody_chose_is_refused() {
    let message = "a secret is one byte repeated, which can be guessed; use at least 16 random \
                   bytes, such as those of `openssl rand -hex 32`";
    for byte in [0, b'x', 0xff] {
        let secret = [byte; 16];
        let refusals = [
            Override::new(secret).unwrap_err(),
            overrides().also(secret).unwrap_err(),
            Mask::new(secret).unwrap_err(),
            Units::pseudonym(secret).unwrap_err(),
        ];
        for refused in refusals {
            assert_eq!(refused.to_string(), message);
        }
    }
}

#[test]
fn a_short_secret_is_refused() {
    let message = "a secret of 5 bytes is too short; use at least 16 random bytes, such as those of \
                   `openssl rand -hex 32`";
    assert_eq!(Override::new("short").unwrap_err().to_string(), message);
    assert!(overrides().also("short").is_err());
}

#[test]
fn each_refusal_has_a_name_of_its_own() {
    let all = [
        Refused::Malformed,
        Refused::Signature,
        Refused::Expired,
        Refused::OtherUnit,
        Refused::UnknownSet,
        Refused::UnknownTrack,
        Refused::OtherPhase,
        Refused::TooLong,
    ];
    let names: std::collections::HashSet<_> = all.map(Refused::as_str).into();
    assert_eq!(names.len(), all.len());
}
