//! Any changes: valid and void ones, of any author, at any times.

use std::time::Duration;

use proptest::{collection::vec, prelude::*, sample::select};
use tower_tracks::{
    control::{Act, Change, Draft, Step},
    store::Timestamp,
};

/// The name of a set, and its share in code.
pub(super) type Named = (&'static str, f64);

/// The seconds between two times. No test takes as long, so that the clock of a log does not get from one
/// to the next by itself.
const TICK: i64 = 100;

pub(super) fn tick(tick: i64) -> Timestamp {
    Timestamp::from_micros(tick * TICK * 1_000_000)
}

pub(super) fn ticks(time: Timestamp) -> i64 {
    time.as_micros() / TICK / 1_000_000
}

/// Returns changes in the order of their numbers, at times that do not have to rise.
pub(super) fn any_changes(sets: Vec<Named>) -> impl Strategy<Value = Vec<Change>> {
    vec((draft(sets), 0_i64..60), 0..12).prop_map(|drafts| {
        let numbered =
            |(number, (draft, at)): (u64, (Draft, i64))| draft.numbered(number, tick(at));
        (1..).zip(drafts).map(numbered).collect()
    })
}

fn draft(sets: Vec<Named>) -> impl Strategy<Value = Draft> {
    let of_set = |(set, share)| (Just(set), any_act(share));
    let phase = prop_oneof![9 => Just(1), 1 => Just(2)];
    let signed = (
        any_author(),
        prop_oneof![19 => Just("a reason"), 1 => Just(" ")],
    );
    let late = (0..20_u64, prop::bool::weighted(0.3));
    let set = select(sets).prop_flat_map(of_set);
    (set, phase, signed, late).prop_map(
        |((set, act), phase, (author, reason), (delay, needs_approval))| {
            let mut draft = Draft::new(set, phase, act, author, reason);
            draft.delay = Duration::from_secs(delay * TICK as u64);
            draft.needs_approval = needs_approval;
            draft
        },
    )
}

fn any_author() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        18 => select(vec!["alice", "bob", "carol"]),
        1 => Just(" Alice"),
        1 => Just(""),
    ]
}

/// Returns any act on a set with a share in code.
fn any_act(of_code: f64) -> impl Strategy<Value = Act> {
    let share = prop_oneof![4 => 0.0..=1.0, 1 => select(vec![0.0, 1.0, f64::NAN, 2.0])];
    let over = prop_oneof![4 => Just(of_code), 1 => Just(0.4)];
    let track = select(vec!["control", "short", "long", "none"]);
    prop_oneof![
        Just(Act::Pause),
        Just(Act::Resume),
        (share, over.clone()).prop_map(|(share, over)| Act::Share { share, over }),
        (steps(), over).prop_map(|(steps, over)| Act::Ramp { steps, over }),
        Just(Act::Close),
        track.prop_map(|track| Act::Ship {
            track: track.into()
        }),
        (0_i64..60, 0_i64..60).prop_map(|(from, until)| Act::Exclude {
            from: tick(from),
            until: tick(until)
        }),
        Just(Act::Reset),
        (1_u64..12).prop_map(|change| Act::Approve { change }),
    ]
}

/// Returns the steps of a ramp, mostly rising.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec((0_i64..60, 0.0..=1.0), 0..4).prop_map(|parts| {
        let (mut times, mut shares): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        times.sort_unstable();
        shares.sort_by(f64::total_cmp);
        let step = |(at, share)| Step {
            at: tick(at),
            share,
        };
        times.into_iter().zip(shares).map(step).collect()
    })
}
