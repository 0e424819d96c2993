//! One secret for all purposes: what one signs, no other accepts, and nothing else is accepted.

use std::{collections::HashMap, sync::OnceLock, time::UNIX_EPOCH};

use proptest::prelude::*;
use tower_tracks::{Key, middleware::Mask};

use crate::overrides::Numbers;

mod cookie;
mod exposure;
mod made;
mod propagation;

use self::made::{claim, overrides, receipts, recorder, signing, tokens, units};

const SECRET: &str = "0123456789abcdef";

/// How many forgeries are tried for each purpose: a million in optimised code.
const FORGERIES: u64 = if cfg!(debug_assertions) {
    20_000
} else {
    1_000_000
};

/// What texts that look like messages are made of: labels, netstrings, and what is signed.
const PIECES: [&str; 22] = [
    "\0",
    "\u{1}",
    ",",
    "~",
    "7:receipt,",
    "5:units,0:,",
    "23:tower-tracks receipt v2,",
    "30:tower-tracks visitor cookie v1,",
    "22:AAECAwQFBgcICQoLDA0ODw,",
    "24:tower-tracks override v2,",
    "tower-tracks receipt v2",
    "24:tower-tracks exposure v1,",
    "tower-tracks exposure v1",
    "tower-tracks override v2",
    "tower-tracks override unit v2",
    "tower-tracks mask v2",
    "tower-tracks propagation v1",
    "27:tower-tracks propagation v1,",
    "7:pricing,1:1,5:cheap,2:60,1:-,",
    "40:visitor:00000000000000000000000000000000,",
    "visitor:00000000000000000000000000000000",
    "visitor",
];

/// A purpose whose texts end with a tag of sixteen bytes. Each is tried against all others.
struct Purpose {
    name: &'static str,
    /// Some texts that are accepted.
    genuine: Vec<String>,
    /// What its texts consist of.
    alphabet: &'static [u8],
    accepts: fn(&str) -> bool,
    /// Writes the 32 digits of a tag as its texts have them.
    written: fn(&str) -> String,
}

/// All purposes that accept a text.
fn purposes() -> [Purpose; 5] {
    [
        Purpose {
            name: "override",
            genuine: tokens("pricing", "cheap", "alice").into(),
            alphabet: b"0123456789abcdefv~~~~-.*",
            accepts: |text| overrides().verify(text, UNIX_EPOCH).is_ok(),
            written: str::to_owned,
        },
        Purpose {
            name: "receipt",
            genuine: receipts("user", "alice").into(),
            alphabet: b"0123456789abcdefvisitor:::,,..",
            accepts: |text| recorder().redeem(text).is_ok(),
            written: str::to_owned,
        },
        Purpose {
            name: "cookie",
            genuine: [0, 1].map(cookie::value).into(),
            alphabet: b"AQgw0123456789abcdefXYZ_-....",
            accepts: cookie::is_accepted,
            written: cookie::tag,
        },
        Purpose {
            name: "exposure",
            genuine: ["alice", "bob"].map(exposure::receipt).into(),
            alphabet: b"AQgw0123456789abcdefXYZ_-v1....",
            accepts: exposure::is_accepted,
            written: cookie::tag,
        },
        Purpose {
            name: "propagation",
            genuine: ["alice", "bob"].map(propagation::value).into(),
            alphabet: b"AQgw0123456789abcdefXYZ_-v1....",
            accepts: propagation::is_accepted,
            written: cookie::tag,
        },
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
        ("cookie", cookie::digits(&signing().value(key))),
        ("cookie", cookie::digits(&signing().value(kind))),
        ("cookie", cookie::digits(&signing().value(cookie::id(0)))),
        ("exposure", cookie::digits(&exposure::receipt("alice"))),
        ("propagation", propagation::digits(&propagation::value(key))),
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
        random: u128,
    ) {
        let tags = tags(&kind, &key, &set, &track);
        let mut purposes = purposes();
        purposes[0].genuine.extend(tokens(&set, &track, &key));
        purposes[1].genuine.extend(receipts(&set, &key));
        purposes[2].genuine.push(cookie::value(random));
        purposes[3].genuine.push(exposure::receipt(&key));
        purposes[4].genuine.push(propagation::value(&key));
        for purpose in &purposes {
            for genuine in &purpose.genuine {
                prop_assert!((purpose.accepts)(genuine), "{genuine}");
                for (_, tag) in tags.iter().filter(|(other, _)| *other != purpose.name) {
                    let forged = purpose.with_tag(genuine, tag);
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
        // A cookie whose tag is a unit of the caller's choice.
        let id = cookie::id(random);
        for message in [netstring(&id), id.clone()] {
            for unit in [unit.to_string(), units().unit(&message, &Key::from("")).to_string()] {
                let forged = format!("{id}.{}", cookie::tag(&unit));
                prop_assert!(!cookie::is_accepted(&forged), "{forged}");
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
    /// Returns a genuine text with another tag, of these 32 digits.
    fn with_tag(&self, genuine: &str, tag: &str) -> String {
        let tag = (self.written)(tag);
        format!("{}{tag}", &genuine[..genuine.len() - tag.len()])
    }

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
            2 => {
                let tag = format!("{:016x}{:016x}", numbers.next(), numbers.next());
                self.with_tag(one, &tag)
            }
            3 => {
                let length = (self.written)(&"0".repeat(32)).len();
                let (unsigned, tag) = (one.len() - length, &other[other.len() - length..]);
                format!("{}{tag}", &one[..unsigned])
            }
            4 => self.with_tag(one, &tags[numbers.below(tags.len())]),
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
