//! The ceiling of a recorder's stores: what is refused, and that no track has more of it.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tower_tracks::{
    Exposure, Goal, Key, MultiTrackSet, Observe, SimpleTrackSet, Units,
    event::Conversion,
    record::{Ceiling, Recorder},
    store::{Store, Timestamp},
};

/// How many units come; a ceiling of `MOST` refuses most of them.
const ALL: u64 = 1_200;
const MOST: u64 = 200;

fn set(name: &str) -> MultiTrackSet {
    let set = SimpleTrackSet::new(name).track("long", 2000_u64);
    set.build().unwrap()
}

fn units() -> Units {
    Units::pseudonym("sixteen random bytes, or more").unwrap()
}

fn start(store: &Arc<dyn Store>, ceiling: Ceiling) -> Recorder {
    let recorder = Recorder::builder(units()).store(Arc::clone(store));
    // Also after the store.
    recorder.ceiling(ceiling).start().unwrap()
}

fn expose(recorder: &Recorder, sets: &MultiTrackSet, numbers: impl Iterator<Item = u64>) {
    for number in numbers {
        let key = Key::from(number.to_string());
        let choice = sets.assign(&key, &());
        recorder.observe(&Exposure::new(choice, key.clone(), SystemTime::now()).unwrap());
    }
    recorder.flush().wait().unwrap();
}

fn track(sets: &MultiTrackSet, number: u64) -> String {
    let choice = sets.assign(Key::from(number.to_string()), &());
    choice.track().unwrap().to_owned()
}

fn is_stored(store: &dyn Store, number: u64) -> bool {
    let unit = units().unit("visitor", &Key::from(number.to_string()));
    store.is_exposed(unit).unwrap()
}

/// Returns the lost exposures by track, which the store has with the reason `ceiling`.
fn lost(store: &dyn Store) -> BTreeMap<String, u64> {
    let mut lost = BTreeMap::new();
    for loss in store.losses().unwrap() {
        assert_eq!(&*loss.reason, "ceiling");
        *lost
            .entry(loss.track.unwrap().track.to_string())
            .or_default() += loss.n;
    }
    lost
}

/// Returns chi-square of two tracks with so many refused and recorded units each.
fn chi_square([[a, b], [c, d]]: [[f64; 2]; 2]) -> f64 {
    let difference = a * d - b * c;
    (a + b + c + d) * difference * difference / ((a + b) * (c + d) * (a + c) * (b + d))
}

pub(in crate::record) fn growth_of_units<S: Store, T>(open: Option<(S, T)>) {
    let Some((store, _kept)) = open else { return };
    let store: Arc<dyn Store> = Arc::new(store);
    let (delay, price) = (set("delay"), set("price"));
    let recorder = start(&store, Ceiling::default().new_units_a_day(MOST));
    // By two batches, so that one is refused after another was written.
    expose(&recorder, &delay, 0..ALL / 2);
    expose(&recorder, &delay, ALL / 2..ALL);
    let stored: Vec<u64> = (0..ALL).filter(|n| is_stored(&*store, *n)).collect();
    assert!((MOST / 2..=MOST).contains(&(stored.len() as u64)));
    is_even(&*store, &delay, &stored);
    let refused = lost(&*store);
    // All return, to another set: only the known units are recorded.
    expose(&recorder, &price, 0..ALL);
    assert!((0..ALL).all(|n| is_stored(&*store, n) == stored.contains(&n)));
    for number in stored.iter().take(20) {
        let unit = units().unit("visitor", &Key::from(number.to_string()));
        assert_eq!(store.history(unit).unwrap().exposures.len(), 2);
    }
    assert_eq!(
        lost(&*store).values().sum::<u64>(),
        2 * (ALL - stored.len() as u64)
    );
    assert!(refused.values().all(|n| *n > 400), "{refused:?}");
}

/// The refused share is the same for each track, and counted by track.
fn is_even(store: &dyn Store, sets: &MultiTrackSet, stored: &[u64]) {
    let cells = ["control", "long"].map(|name| {
        let of_track = |n: &u64| track(sets, *n) == name;
        let all = (0..ALL).filter(of_track).count();
        let stored = stored.iter().copied().filter(|n| of_track(n)).count();
        assert_eq!(lost(store)[name] as usize, all - stored, "{name}");
        [(all - stored) as f64, stored as f64]
    });
    // p = 0.001; the units are the same each time.
    assert!(chi_square(cells) < 10.83, "{cells:?}");
}

pub(in crate::record) fn growth_of_bytes<S: Store, T>(open: Option<(S, T)>) {
    let Some((store, _kept)) = open else { return };
    let store: Arc<dyn Store> = Arc::new(store);
    let delay = set("delay");
    let empty = store.bytes().unwrap().unwrap();
    let before = start(&store, Ceiling::default());
    expose(&before, &delay, 0..400);
    let bytes = store.bytes().unwrap().unwrap();
    assert!(bytes >= empty + 400 * 32, "{bytes}");
    let recorder = start(&store, Ceiling::default().bytes(bytes));
    expose(&recorder, &delay, 0..600);
    assert!((0..600).all(|n| is_stored(&*store, n) == (n < 400)));
    assert_eq!(lost(&*store).values().sum::<u64>(), 200);
    // A conversion of a known unit comes in.
    let key = Key::from("7");
    let conversion = Conversion::new(&key, Goal::new("purchase").unwrap(), SystemTime::now());
    recorder.conversion(&conversion);
    recorder.flush().wait().unwrap();
    let unit = units().unit("visitor", &key);
    assert_eq!(store.history(unit).unwrap().conversions.len(), 1);
    // Facts that are gone make room, for a recorder that looks then.
    let _ = (
        before.shutdown(Duration::MAX).wait(),
        recorder.shutdown(Duration::MAX).wait(),
    );
    let never = Timestamp::MAX;
    assert!(store.retain(never, &[]).unwrap() > 0);
    let recorder = start(&store, Ceiling::default().bytes(10 * bytes));
    expose(&recorder, &delay, 5_000..5_010);
    assert!(is_stored(&*store, 5_000));
}
