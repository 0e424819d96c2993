//! One secret for all purposes: what one signs, no other accepts, and nothing else is accepted.

use std::{
    collections::HashMap,
    sync::OnceLock,
    time::{Duration, UNIX_EPOCH},
};

use proptest::prelude::*;
use tower_tracks::{
    Force, Key, Mask, Observe, Override, Subject, Units,
    record::{Memory, Recorder, Store},
};

use crate::overrides::Numbers;

const SECRET: &str = "0123456789abcdef";

/// How many forgeries are tried for each purpose: a million in optimised code.
const FORGERIES: u64 = if cfg!(debug_assertions) {
    20_000
} else {
    1_000_000
};

/// What texts that look like messages are made of: labels, netstrings, and what is signed.
const PIECES: [&str; 16] = [
    "\0",
    "\u{1}",
    ",",
    "~",
    "7:receipt,",
    "5:units,0:,",
    "23:tower-tracks receipt v2,",
    "24:tower-tracks override v2,",
    "tower-tracks receipt v2",
    "tower-tracks override v2",
    "tower-tracks override unit v2",
    "tower-tracks mask v2",
    "7:pricing,1:1,5:cheap,2:60,1:-,",
    "40:visitor:00000000000000000000000000000000,",
    "visitor:00000000000000000000000000000000",
    "visitor",
];

/// A purpose whose texts end with a tag of 32 digits. Each is tried against all others.
struct Purpose {
    name: &'static str,
    /// Some texts that are accepted.
    genuine: Vec<String>,
    /// What its texts consist of.
    alphabet: &'static [u8],
    accepts: fn(&str) -> bool,
}

/// All purposes that accept a text.
fn purposes() -> [Purpose; 2] {
    [
        Purpose {
            name: "override",
            genuine: tokens("pricing", "cheap", "alice").into(),
            alphabet: b"0123456789abcdefv~~~~-.*",
            accepts: |text| overrides().verify(text, UNIX_EPOCH).is_ok(),
        },
        Purpose {
            name: "receipt",
            genuine: receipts("user", "alice").into(),
            alphabet: b"0123456789abcdefvisitor:::,,..",
            accepts: |text| recorder().redeem(text).is_ok(),
        },
    ]
}

fn overrides() -> &'static Override {
    static OVERRIDES: OnceLock<Override> = OnceLock::new();
    OVERRIDES.get_or_init(|| Override::new(SECRET).unwrap())
}

fn recorder() -> &'static Recorder {
    static RECORDER: OnceLock<Recorder> = OnceLock::new();
    let builder = || Recorder::builder(units()).store(Memory::default());
    RECORDER.get_or_init(|| builder().start().unwrap())
}

fn units() -> Units {
    Units::pseudonym(SECRET).unwrap()
}

/// Returns a token for everybody and one for a key.
fn tokens(set: &str, track: &str, key: &str) -> [String; 2] {
    let force = Force::new(set, track, UNIX_EPOCH + Duration::from_secs(60));
    let bound = force.clone().only_for("visitor", key);
    [force, bound].map(|force| overrides().mint(&force).unwrap())
}

/// Returns receipts of a key, of its unit, and of both it and a visitor.
fn receipts(kind: &str, key: &str) -> [String; 3] {
    let unit = units().unit(kind, &Key::from(key));
    let of = |subjects: &[Subject]| recorder().receipt(subjects).unwrap();
    let user = Subject::from((kind, &Key::from(key)));
    let visitor = Subject::from(&Key::from(key));
    [
        of(std::slice::from_ref(&visitor)),
        of(&[Subject::of_unit("visitor", unit)]),
        of(&[user, visitor]),
    ]
}

/// Returns a text without its tag, and the tag.
fn split(text: &str) -> (&str, &str) {
    text.split_at(text.len() - 32)
}

/// Returns what a receipt names, which it signs.
fn named(receipt: &str) -> String {
    split(receipt).0.trim_end_matches('.').to_owned()
}

/// Returns the units that are hashes of a message, wherever a zero byte splits it into kind and
/// key.
fn units_of(message: &str) -> Vec<String> {
    let at = message.match_indices('\0').map(|(at, _)| at);
    let unit = |at: usize| units().unit(&message[..at], &Key::from(&message[at + 1..]));
    at.map(|at| unit(at).to_string()).collect()
}

/// Returns the netstring of a text.
fn netstring(text: &str) -> String {
    format!("{}:{text},", text.len())
}

/// Returns how a store knows the secret of its units.
fn claim() -> String {
    let store = std::sync::Arc::new(Memory::default());
    let builder = Recorder::builder(units()).shared_store(store.clone());
    let recorder = builder.start().unwrap();
    recorder
        .reached(&Key::from("alice"), "purchase")
        .once("1")
        .unwrap();
    recorder.shutdown(Duration::from_secs(10)).wait();
    store.units().unwrap().unwrap().replace("pseudonym ", "")
}

/// A text that may be a message of some purpose, or a part of it.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(&PIECES[..]), 0..6);
    prop_oneof![
        any::<String>(),
        ".{0,40}",
        pieces.prop_map(|pieces| pieces.concat())
    ]
}

/// A key that may be recorded.
fn key() -> impl Strategy<Value = String> {
    text().prop_filter("a valid key", |text| Key::from(text).is_valid())
}

/// Returns the tags of each purpose, for whatever a caller may choose.
fn tags(kind: &str, key: &str, set: &str, track: &str) -> Vec<(&'static str, String)> {
    let (units, mask) = (units(), Mask::new(SECRET).unwrap());
    let unit = |kind: &str, key: &str| units.unit(kind, &Key::from(key)).to_string();
    let digits = |mask: String| mask.trim_start_matches('*').repeat(5)[..32].to_owned();
    let [everybody, bound] = tokens(set, track, key);
    let receipt = |receipt: &String| ("receipt", split(receipt).1.to_owned());
    let mut tags: Vec<_> = receipts(set, key).iter().map(receipt).collect();
    tags.extend([
        ("unit", unit(kind, key)),
        ("unit", unit(key, kind)),
        ("unit", unit("", &format!("{kind}{key}"))),
        ("unit", unit(&format!("{kind}{key}"), "")),
        ("unit", unit(set, key)),
        ("unit", unit("visitor", key)),
        ("mask", digits(mask.set(kind))),
        ("mask", digits(mask.track(kind, key))),
        // What a token signs of its unit, and what a receipt signs.
        ("mask", digits(mask.track("visitor", key))),
        ("mask", digits(mask.set(&named(&receipts(set, key)[0])))),
        ("override", split(&everybody).1.to_owned()),
        ("override", split(&bound).1.to_owned()),
        ("override unit", bound.split('~').nth(5).unwrap().to_owned()),
        ("claim", CLAIM.get_or_init(claim).clone()),
    ]);
    tags
}

static CLAIM: OnceLock<String> = OnceLock::new();

proptest! {
    #![proptest_config(crate::properties::config(1024))]

    #[test]
    fn no_purpose_accepts_what_another_signed(
        kind in text(),
        key in key(),
        set in "[a-z*][a-z0-9_.*-]{0,20}",
        track in "[A-Za-z0-9_.*-]{1,20}",
    ) {
        let tags = tags(&kind, &key, &set, &track);
        let mut purposes = purposes();
        purposes[0].genuine.extend(tokens(&set, &track, &key));
        purposes[1].genuine.extend(receipts(&set, &key));
        for purpose in &purposes {
            for genuine in &purpose.genuine {
                prop_assert!((purpose.accepts)(genuine), "{genuine}");
                for (_, tag) in tags.iter().filter(|(other, _)| *other != purpose.name) {
                    let forged = format!("{}{tag}", split(genuine).0);
                    prop_assert!(!(purpose.accepts)(&forged), "{forged:?}");
                }
            }
        }
        // A receipt of the caller's choice, signed by a unit of the caller's choice.
        let unit = units().unit("visitor", &Key::from(&key));
        let named = format!("{kind}:{unit},visitor:{unit}");
        for label in PIECES {
            for message in [netstring(label) + &netstring(&named), format!("{label}{named}")] {
                for tag in units_of(&message) {
                    let forged = format!("{named}.{tag}");
                    prop_assert!(recorder().redeem(&forged).is_err(), "{forged:?}");
                }
            }
        }
        // Seven digits of a mask are no tag, but none is the beginning of one either.
        let mut seen: HashMap<&str, &str> = HashMap::new();
        for (purpose, tag) in &tags {
            let other = *seen.entry(&tag[..7]).or_insert(purpose);
            prop_assert_eq!(other, *purpose, "{}", tag);
        }
    }
}

impl Purpose {
    /// Returns what is no text of this purpose: made up, or a genuine one that was changed.
    fn forge(&self, tags: &[String], numbers: &mut Numbers) -> String {
        let one = &self.genuine[numbers.below(self.genuine.len())];
        let other = &self.genuine[numbers.below(self.genuine.len())];
        let (at, letter) = (numbers.below(one.len()), self.letter(numbers));
        match numbers.below(8) {
            0 => (0..numbers.below(120))
                .map(|_| self.letter(numbers))
                .collect(),
            1 => {
                let length = numbers.below(120);
                let rest: String = (0..length).map(|_| self.letter(numbers)).collect();
                format!("{}{rest}", &one[..at])
            }
            2 => format!(
                "{}{:016x}{:016x}",
                split(one).0,
                numbers.next(),
                numbers.next()
            ),
            3 => format!("{}{}", split(one).0, split(other).1),
            4 => format!("{}{}", split(one).0, tags[numbers.below(tags.len())]),
            5 => format!("{}{letter}{}", &one[..at], &one[at + numbers.below(2)..]),
            6 => format!("{}{}", &one[..at], &other[at.min(other.len())..]),
            _ => {
                let mut bytes = one.clone().into_bytes();
                bytes[at] ^= 1 << numbers.below(7);
                String::from_utf8_lossy(&bytes).into_owned()
            }
        }
    }

    fn letter(&self, numbers: &mut Numbers) -> char {
        self.alphabet[numbers.below(self.alphabet.len())].into()
    }
}

/// A million for each purpose in optimised code: `cargo test --release --test it forgeries`.
#[test]
fn forgeries_are_refused() {
    let tags = tags("visitor", "alice", "pricing", "cheap");
    for purpose in purposes() {
        let of_others = tags.iter().filter(|(other, _)| *other != purpose.name);
        let of_others: Vec<String> = of_others.map(|(_, tag)| tag.clone()).collect();
        assert!(purpose.genuine.iter().all(|text| (purpose.accepts)(text)));
        let mut numbers = Numbers(2);
        let mut tried = 0;
        while tried < FORGERIES {
            let forged = purpose.forge(&of_others, &mut numbers);
            if !purpose.genuine.contains(&forged) {
                tried += 1;
                assert!(!(purpose.accepts)(&forged), "{}: {forged}", purpose.name);
            }
        }
    }
}
