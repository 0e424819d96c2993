use std::{array, collections::HashSet, sync::LazyLock};

use super::KEYS;

/// Keys of one kind, each another; those that follow each other are neighbours.
pub(super) struct Population {
    pub(super) name: &'static str,
    pub(super) keys: Vec<String>,
}

pub(super) static POPULATIONS: LazyLock<[Population; 4]> = LazyLock::new(|| {
    [
        Population::new("decimal integers", |number| number.to_string()),
        Population::new("e-mail addresses", e_mail_address),
        Population::new("UUIDs", uuid),
        Population::new("short strings", short_string),
    ]
});

impl Population {
    fn new(name: &'static str, key: impl Fn(u64) -> String) -> Self {
        Self {
            name,
            keys: (0..KEYS as u64).map(key).collect(),
        }
    }
}

fn e_mail_address(number: u64) -> String {
    let pick = |names: [&'static str; 5], skip: u64| names[(number / skip % 5) as usize];
    let name = pick(["anna", "bela", "chris", "dora", "emil"], 1);
    let host = pick(
        ["gmail.com", "mail.hu", "example.com", "web.de", "x.org"],
        5,
    );
    format!("{name}.{}@{host}", number / 25)
}

/// Version 4, as most applications draw them; the random bits are those of SplitMix64.
fn uuid(number: u64) -> String {
    let [high, low] = array::from_fn(|half| split_mix(2 * number + half as u64));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff,
    )
}

fn split_mix(index: u64) -> u64 {
    let state = (index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ state >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ state >> 31
}

/// All of `a` to `9`, then all of two characters, and so on.
fn short_string(mut number: u64) -> String {
    const DIGITS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut text = String::new();
    loop {
        text.insert(0, char::from(DIGITS[(number % 36) as usize]));
        match number / 36 {
            0 => return text,
            rest => number = rest - 1,
        }
    }
}

#[test]
fn every_key_is_another() {
    for population in &*POPULATIONS {
        let distinct: HashSet<&String> = population.keys.iter().collect();
        assert_eq!(distinct.len(), KEYS, "{}", population.name);
    }
}

#[test]
fn keys_look_as_their_populations_say() {
    let [integers, addresses, uuids, strings] = &*POPULATIONS;
    let at = |population: &Population, index: usize| population.keys[index].clone();
    assert_eq!(
        (at(integers, 0), at(integers, 19_999)),
        ("0".into(), "19999".into())
    );
    assert_eq!(at(addresses, 131), "bela.5@mail.hu");
    assert_eq!(at(uuids, 0), "e220a839-7b1d-4daf-ae78-9e6aa1b965f4");
    assert_eq!(
        (at(strings, 35), at(strings, 36)),
        ("9".into(), "aa".into())
    );
}
