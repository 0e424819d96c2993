//! A recorder that receives ten times the events that its store can write: what that costs requests, and whether
//! every event is accounted for.
//!
//! `cargo bench --bench overload` runs each measurement for 30 seconds, and so each pair of
//! measurements of requests: three minutes in all; with `-- --test` for a twentieth of that.

#![allow(missing_docs, clippy::unwrap_used)]

mod pump;
mod server;
mod sleepy;

use std::{collections::BTreeMap, time::Duration};

use tower_tracks::{
    Units,
    record::{Recorder, Tally},
};

use self::{pump::Pump, sleepy::Sleepy};

/// How many events a second the store takes, and how many it is sent.
const TAKEN: u32 = 5_000;
const SENT: u32 = 50_000;

/// How many times requests are measured with and without the recorder, in turns.
const PAIRS: usize = 5;

fn main() {
    let is_short = std::env::args().any(|argument| argument == "--test");
    let time = Duration::from_millis(if is_short { 1_500 } else { 30_000 });
    println!("{SENT} events a second to a store that takes {TAKEN}, for {time:?}");
    calls(time);
    requests(time);
}

fn recorder(store: &Sleepy) -> Recorder {
    let units = Units::pseudonym("0123456789abcdef").unwrap();
    Recorder::builder(units)
        .store(store.clone())
        .start()
        .unwrap()
}

/// How long the call takes by which an exposure is recorded, and where the exposures went.
fn calls(time: Duration) {
    let before = resident();
    let store = Sleepy::new(TAKEN);
    let recorder = recorder(&store);
    let pump = Pump::start(Some(recorder.clone()), SENT);
    std::thread::sleep(time);
    let grown = resident().saturating_sub(before);
    let mut told = pump.stop();
    let tallies = recorder.shutdown(Duration::from_secs(30)).wait();
    let tally = tallies.get("store").unwrap();
    println!("{tally}");
    println!("resident memory grew by {:.1} MB", grown as f64 / 1e6);
    told.times.sort_unstable();
    let quantile = |share: f64| told.times[(told.times.len() as f64 * share) as usize];
    println!(
        "one call: median {} ns, p99 {} ns, p99.9 {} ns, p99.99 {} ns",
        quantile(0.5),
        quantile(0.99),
        quantile(0.999),
        quantile(0.9999),
    );
    account(&recorder, &store, tally, &told.by_track);
}

/// For each track, the recorded events are those in the store and the lost ones.
fn account(recorder: &Recorder, store: &Sleepy, tally: Tally, told: &BTreeMap<String, u64>) {
    assert_eq!(tally.waiting(), 0);
    let taken = store.taken();
    let mut lost = BTreeMap::<String, u64>::new();
    for loss in recorder.losses() {
        *lost
            .entry(loss.track.unwrap().track.to_string())
            .or_default() += loss.n;
    }
    for (track, told) in told {
        let (taken, lost) = (
            taken.get(track).unwrap_or(&0),
            lost.get(track).unwrap_or(&0),
        );
        println!("{track}: {told} told, {taken} stored, {lost} lost");
        assert_eq!(*told, taken + lost);
    }
}

/// How long requests take over a real connection, with the recorder under that load and without.
fn requests(time: Duration) {
    let mut ratios = Vec::new();
    for _ in 0..PAIRS {
        let [with, without] = [true, false].map(|records| request(records, time / 2));
        let ratio = with.as_secs_f64() / without.as_secs_f64();
        println!("p99 of requests: {with:?} with, {without:?} without: {ratio:.3}");
        ratios.push(ratio);
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "p99 of requests, median of {PAIRS} pairs in turns: {:.3} x",
        ratios[PAIRS / 2]
    );
}

/// Returns the 99th percentile of requests to a server beside which as many exposures are made,
/// and recorded or not.
fn request(records: bool, time: Duration) -> Duration {
    let recorder = records.then(|| recorder(&Sleepy::new(TAKEN)));
    let pump = Pump::start(recorder.clone(), SENT);
    let mut times = server::requests(recorder, time);
    pump.stop();
    times.sort_unstable();
    times[times.len() * 99 / 100]
}

/// Returns the bytes of this process that are in memory; 0 where that is not known.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    pages.unwrap_or(0_u64) * 4096
}
