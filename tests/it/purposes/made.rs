//! What signs by the one secret, and what it signed.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, UNIX_EPOCH},
};

use tower_tracks::{
    Key, Observe, Units,
    middleware::{Force, Override},
    record::Recorder,
    store::{Memory, Store},
    unit::{CookieSigning, Subject},
};

use super::SECRET;

pub(super) fn overrides() -> &'static Override {
    static OVERRIDES: OnceLock<Override> = OnceLock::new();
    OVERRIDES.get_or_init(|| Override::new(SECRET).unwrap())
}

pub(super) fn recorder() -> &'static Recorder {
    static RECORDER: OnceLock<Recorder> = OnceLock::new();
    let builder = || Recorder::builder(units()).store(Memory::default());
    RECORDER.get_or_init(|| builder().start().unwrap())
}

pub(super) fn signing() -> CookieSigning {
    CookieSigning::new(SECRET).unwrap()
}

pub(super) fn units() -> Units {
    Units::pseudonym(SECRET).unwrap()
}

/// Returns a token for everybody and one for a key.
pub(super) fn tokens(set: &str, track: &str, key: &str) -> [String; 2] {
    let force = Force::new(set, track, UNIX_EPOCH + Duration::from_secs(60));
    let bound = force.clone().only_for("visitor", key);
    [force, bound].map(|force| overrides().mint(&force).unwrap())
}

/// Returns receipts of a key, of its unit, and of both it and a visitor.
pub(super) fn receipts(kind: &str, key: &str) -> [String; 3] {
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

/// Returns how a store knows the secret of its units.
pub(super) fn claim() -> String {
    let store = Arc::new(Memory::default());
    let builder = Recorder::builder(units()).store(store.clone());
    let recorder = builder.start().unwrap();
    recorder
        .reached(&Key::from("alice"), "purchase")
        .once("1")
        .unwrap();
    recorder.shutdown(Duration::from_secs(10)).wait();
    store.units().unwrap().unwrap().replace("pseudonym ", "")
}
