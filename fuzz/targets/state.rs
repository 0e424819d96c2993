//! Any changes, as a log of another implementation may have them, and what is in force by them.

#[allow(dead_code, reason = "it has numbers that stores need")]
#[allow(clippy::duplicate_mod, reason = "each target is a program of its own")]
#[path = "stores/input.rs"]
mod input;

use std::{collections::BTreeSet, time::Duration};

use tower_tracks::{
    MultiTrackSet, SimpleTrackSet,
    assign::Bucketing,
    control::{Act, Change, Code, Draft, Mode, State, Step, state},
    store::Timestamp,
};

use self::input::Input;

const SECOND: i64 = 1_000_000;

/// The state depends on the set of changes alone, and changes no earlier than it announces.
pub(crate) fn run(data: &[u8]) {
    let mut input = Input(data);
    let sets = sets(&mut input);
    let changes = changes(&mut input);
    let now = time(&mut input);
    for code in Code::of(&sets) {
        let state = at(code, &changes, now);
        check(code, &state);
        check_numbers(code, &changes, &state);
        check_next(code, &changes, now, &state);
        let split = usize::from(input.byte()) % (changes.len() + 1);
        let (known, rest) = changes.split_at(split);
        let again: Vec<Change> = [rest, known, rest].concat().into_iter().rev().collect();
        assert_eq!(at(code, &again, now), state);
    }
}

/// Returns what is in force for the first set.
#[allow(dead_code, reason = "only property tests count states")]
pub(crate) fn mode(data: &[u8]) -> Mode {
    let mut input = Input(data);
    let sets = sets(&mut input);
    let changes = changes(&mut input);
    let code = Code::of(&sets).next().unwrap();
    at(code, &changes, time(&mut input)).mode
}

fn at(code: Code<'_>, changes: &[Change], now: Timestamp) -> State {
    state(code, changes, now)
}

fn sets(input: &mut Input<'_>) -> MultiTrackSet {
    let share = *input.pick(&[1.0, 0.5, 0.0]);
    let set = |name: &str| SimpleTrackSet::new(name).track("long", 2000);
    let delay = set("delay").share(share);
    let group = MultiTrackSet::builder();
    let group = match input.byte() % 4 {
        0 => group.add(delay).add(set("banner")),
        1 => group.bucketing(Bucketing::Python).add(set("delay")),
        _ => group.add(delay),
    };
    group.build().unwrap()
}

fn changes(input: &mut Input<'_>) -> Vec<Change> {
    let count = input.byte() % 24;
    let changes = (1..=u64::from(count)).map(|number| {
        let number = match input.one_in(16) {
            // In any order, but no other change has it.
            true => input.count() / 32 * 32 + number,
            false => number,
        };
        let at = time(input);
        let effective_at = time(input);
        let mut change = draft(input).numbered(number, at);
        if input.one_in(8) {
            change.effective_at = effective_at;
        }
        change
    });
    changes.collect()
}

fn draft(input: &mut Input<'_>) -> Draft {
    let set = *input.pick(&["delay", "delay", "delay", "banner"]);
    let phase = if input.one_in(16) { 2 } else { 1 };
    let author = *input.pick(&[
        "alice", "bob", "carol", "Bob ", "alice", "bob", "carol", " ",
    ]);
    let mut draft = Draft::new(set, phase, act(input), author, "a reason");
    draft.needs_approval = input.one_in(4);
    draft.delay = match input.one_in(16) {
        true => Duration::from_micros(input.count()),
        false => Duration::from_secs(u64::from(input.byte() % 16)),
    };
    draft
}

fn act(input: &mut Input<'_>) -> Act {
    match input.byte() % 10 {
        0 => Act::Pause,
        1 => Act::Resume,
        2 | 3 => Act::Share {
            share: share(input),
            over: over(input),
        },
        4 | 5 => Act::Ramp {
            steps: steps(input),
            over: over(input),
        },
        6 => input.pick(&[Act::Close, Act::Reset]).clone(),
        7 => Act::Ship {
            track: (*input.pick(&["long", "control", "none"])).into(),
        },
        8 => Act::Exclude {
            from: time(input),
            until: time(input),
        },
        _ => Act::Approve {
            change: u64::from(input.byte() % 24),
        },
    }
}

/// Mostly rising steps.
fn steps(input: &mut Input<'_>) -> Vec<Step> {
    let count = input.byte() % 5;
    let mut steps: Vec<Step> = (0..count)
        .map(|index| Step {
            at: time(input),
            share: match input.one_in(16) {
                true => share(input),
                false => f64::from(index) / 8.0,
            },
        })
        .collect();
    if !input.one_in(8) {
        steps.sort_by_key(|step| step.at);
        let mut shares: Vec<f64> = steps.iter().map(|step| step.share).collect();
        shares.sort_by(f64::total_cmp);
        let sorted = steps.iter_mut().zip(shares);
        sorted.for_each(|(step, share)| step.share = share);
    }
    steps
}

fn share(input: &mut Input<'_>) -> f64 {
    const ODD: [f64; 8] = [
        f64::NAN,
        f64::INFINITY,
        -0.0,
        5e-324,
        1.0 + f64::EPSILON,
        -1.0,
        1.0,
        0.0,
    ];
    match input.one_in(8) {
        true => *input.pick(&ODD),
        false => f64::from(input.byte()) / 255.0,
    }
}

fn over(input: &mut Input<'_>) -> f64 {
    match input.one_in(8) {
        true => share(input),
        false => *input.pick(&[1.0, 0.5, 0.0]),
    }
}

/// Mostly within some minutes, so that changes meet.
fn time(input: &mut Input<'_>) -> Timestamp {
    match input.one_in(16) {
        true => input.time(),
        false => Timestamp::from_micros(i64::from(input.byte()) * SECOND),
    }
}

/// The mode is what the parts of the state say, a pause first.
fn check(code: Code<'_>, state: &State) {
    assert!((0.0..=1.0).contains(&state.share), "{state:?}");
    let mode = match (state.paused, state.shipped, state.share_by) {
        (Some(_), ..) => Mode::Paused,
        (_, Some(shipped), _) => Mode::Shipped(shipped.track),
        (.., Some(_)) => Mode::Share(state.share),
        _ => Mode::Code,
    };
    assert_eq!(state.mode, mode);
    assert!(state.share_by.is_some() || state.share == code.set().share());
    let shipped = state.shipped.map(|shipped| shipped.track);
    assert!(shipped.is_none_or(|track| track < code.set().tracks().len()));
    assert!(shipped.is_none() || code.is_alone());
    for span in &state.excluded {
        assert!(span.from < span.until);
    }
}

/// Each number is that of a change of the set.
fn check_numbers(code: Code<'_>, changes: &[Change], state: &State) {
    let (name, phase) = (code.set().name(), code.set().phase());
    let ours = changes
        .iter()
        .filter(|change| change.set == name && change.phase == phase);
    let ours: BTreeSet<u64> = ours.map(|change| change.number).collect();
    assert_eq!(state.last, ours.last().copied().unwrap_or_default());
    let void: BTreeSet<u64> = state.void.iter().map(|(number, _)| *number).collect();
    let pending: BTreeSet<u64> = state.pending.iter().copied().collect();
    assert_eq!(
        (void.len(), pending.len()),
        (state.void.len(), state.pending.len())
    );
    assert!(void.is_disjoint(&pending));
    let spans = state.excluded.iter().map(|span| span.by);
    let by = [
        state.paused,
        state.share_by,
        state.shipped.map(|shipped| shipped.by),
    ];
    let in_force: BTreeSet<u64> = by.into_iter().flatten().chain(spans).collect();
    assert!(in_force.is_disjoint(&void) && in_force.is_disjoint(&pending));
    for numbers in [void, pending, in_force] {
        assert!(numbers.is_subset(&ours), "{state:?}");
    }
}

/// Nothing changes by the clock alone before the time that is announced, and nothing at all where none is.
fn check_next(code: Code<'_>, changes: &[Change], now: Timestamp, state: &State) {
    let micros = |time: Timestamp| time.as_micros();
    let until = state.next.map_or(i64::MAX, |next| micros(next) - 1);
    assert!(micros(now) <= until, "{state:?}");
    let middle = now.as_micros().midpoint(until);
    let times = changes.iter().map(|change| micros(change.effective_at));
    let times = times.filter(|time| (micros(now)..=until).contains(time));
    for time in times.chain([middle, until]) {
        assert_eq!(at(code, changes, Timestamp::from_micros(time)), *state);
    }
}
