//! Random facts of one phase, as rows of a store and as lines, and a random question about them.

use std::{fmt::Write, time::Duration};

use serde_json::json;
use tower_tracks::{
    Goal,
    assign::Sum,
    store::{
        AliasRow, AskedGoal, Batch, Calendar, ConversionRow, DefinitionName, DefinitionRow,
        ErasedRow, ExposureRow, Measure, Memory, Phase, PhaseName, Question, Store, Timestamp,
        TrackName, WriterRow,
    },
    unit::Unit,
};

const DAY: i64 = 86_400_000_000;
const START: i64 = 20_500 * DAY;
const TRACKS: [&str; 4] = ["control", "a", "b", "B.2"];
const GOALS: [&str; 3] = ["purchase", "visit", "refund"];
const NAMES: [&str; 2] = ["pricing", "old-pricing"];

/// Facts with ties, repetitions, crossed units, aliases, refunds, erasures and two names of the set.
pub(super) struct History {
    pub(super) store: Memory,
    /// The lines of each table.
    pub(super) tables: [(&'static str, String); 4],
    pub(super) question: Question,
}

/// Numbers from a seed: SplitMix64.
struct Draws {
    state: u64,
    /// The kind of the units of the phase. Aliases say nothing about units of another kind than visitors.
    kind: &'static str,
}

impl Draws {
    fn below(&mut self, count: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.state;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (number ^ (number >> 31)) % count
    }

    fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize].clone()
    }

    /// Returns a time, often at the very beginning of a day, so that several are equal.
    fn time(&mut self) -> i64 {
        let day = START + self.below(20) as i64 * DAY;
        let within = self.below(DAY as u64) as i64;
        day + self.pick(&[0, 0, 1, 2_000_000, within])
    }

    fn unit(&mut self, of: &[Unit]) -> Unit {
        self.pick(of)
    }
}

fn unit(kind: u8, number: u64) -> Unit {
    let mut bytes = [kind; 16];
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
    bytes[..8].copy_from_slice(&spread);
    Unit::from_bytes(bytes)
}

fn name(set: &str, kind: &str) -> PhaseName {
    PhaseName {
        set: set.into(),
        phase: 3,
        kind: kind.into(),
    }
}

impl History {
    pub(super) fn of_seed(seed: u64) -> Self {
        let kind = if seed % 5 == 4 { "account" } else { "visitor" };
        let draws = &mut Draws { state: seed, kind };
        let mut tables =
            ["exposure", "conversion", "alias", "erasure"].map(|table| (table, String::new()));
        let mut batch = Batch::default();
        let count = 20 + draws.below(150);
        let visitors: Vec<Unit> = (0..count).map(|number| unit(1, number)).collect();
        let users: Vec<Unit> = (0..count / 4).map(|number| unit(2, number)).collect();
        let prints = define(draws, &mut batch);
        for _ in 0..count * 2 {
            expose(draws, &mut batch, &mut tables[0].1, (&visitors, &prints));
        }
        for _ in 0..count * 3 {
            convert(draws, &mut batch, &mut tables[1].1, (&visitors, &users));
        }
        for _ in 0..count / 2 {
            alias(draws, &mut batch, &mut tables[2].1, (&visitors, &users));
        }
        let all: Vec<Unit> = visitors.iter().chain(&users).copied().collect();
        for _ in 0..draws.below(6) {
            erase(draws, &mut batch, &mut tables[3].1, &all);
        }
        let store = Memory::default();
        store.write(&batch).unwrap();
        Self {
            store,
            tables,
            question: question(draws),
        }
    }

    pub(super) fn phases(&self) -> Vec<Phase> {
        self.store.phases().unwrap()
    }
}

/// Adds the definitions of both names. One of them is unknown to the store: only exposures name it.
fn define(draws: &mut Draws, batch: &mut Batch) -> Vec<[u8; 32]> {
    let prints: Vec<[u8; 32]> = (1..=4).map(|byte| [byte * 0x3b; 32]).collect();
    for set in NAMES {
        let index = batch.phase(&name(set, draws.kind));
        for print in &prints[..3] {
            if draws.below(4) > 0 {
                let at = Timestamp::from_micros(draws.time());
                batch
                    .definitions
                    .push(DefinitionRow::new(index, *print, "{}".into(), at));
            }
        }
    }
    prints
}

fn expose(
    draws: &mut Draws,
    batch: &mut Batch,
    lines: &mut String,
    (visitors, prints): (&[Unit], &[[u8; 32]]),
) {
    let writer = batch.writer(&WriterRow::new([1; 16], Timestamp::from_micros(START)));
    let (set, unit) = (draws.pick(&NAMES), draws.unit(visitors));
    // Mostly the same track for a unit.
    let own = TRACKS[unit.to_bytes()[0] as usize % TRACKS.len()];
    let track = if draws.below(8) == 0 {
        draws.pick(&TRACKS)
    } else {
        own
    };
    let phase = name(set, draws.kind);
    let index = batch.track(&TrackName {
        phase: phase.clone(),
        track: track.into(),
        control: track == "control",
    });
    let (at, coin) = (draws.time(), draws.pick(&[None, Some(false), Some(true)]));
    let print = (draws.below(2) == 0).then(|| draws.pick(prints));
    let mut row = ExposureRow::new(index, unit, Timestamp::from_micros(at), writer);
    row.coin = coin;
    row.definition =
        print.map(|fingerprint| batch.definition(&DefinitionName { phase, fingerprint }));
    // Some exposures come twice, one of them later.
    if draws.below(5) == 0 {
        let later = at + draws.below(2) as i64 * DAY;
        let again = ExposureRow::new(index, unit, Timestamp::from_micros(later), writer);
        batch.exposures.push(again);
        exposed(
            lines,
            (set, draws.kind, track, unit, later),
            (None, None, None),
        );
    }
    let segment = draws.pick(&[
        None,
        Some(""),
        Some("mobile"),
        Some("desktop"),
        Some("other"),
    ]);
    row.segment = segment.map(|segment| batch.segment(&segment.into()));
    exposed(
        lines,
        (set, draws.kind, track, unit, at),
        (coin, print, segment),
    );
    batch.exposures.push(row);
    // Facts of other phases are in the same table.
    if draws.below(5) == 0 {
        let line = json!({"set": set, "phase": 2, "kind": "visitor", "track": "gone", "unit": unit.to_string(), "at": at,
            "coin": coin, "definition": null, "segment": null});
        writeln!(lines, "{line}").unwrap();
    }
}

fn exposed(
    lines: &mut String,
    (set, kind, track, unit, at): (&str, &str, &str, Unit, i64),
    (coin, print, segment): (Option<bool>, Option<[u8; 32]>, Option<&str>),
) {
    let print = print.map(|print| {
        print
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    });
    let line = json!({"set": set, "phase": 3, "kind": kind, "track": track, "unit": unit.to_string(), "at": at,
        "coin": coin, "definition": print, "segment": segment});
    writeln!(lines, "{line}").unwrap();
}

fn convert(
    draws: &mut Draws,
    batch: &mut Batch,
    lines: &mut String,
    (visitors, users): (&[Unit], &[Unit]),
) {
    let writer = batch.writer(&WriterRow::new([1; 16], Timestamp::from_micros(START)));
    let name = draws.pick(&GOALS);
    let goal = batch.goal(&Goal::new(name).unwrap());
    let unit = match draws.below(3) {
        0 => draws.unit(users),
        _ => draws.unit(visitors),
    };
    let id = [draws.below(4) as u8; 16];
    let large = draws.below(1 << 60) as i64;
    let value = draws.pick(&[0, 5, -3, 1_000_000, 19_900_000, -large, large]);
    for _ in 0..draws.pick(&[1, 1, 2]) {
        let at = draws.time() + draws.pick(&[0, -1_000_000, -30_000_000]);
        let value = value + draws.pick(&[0, 0, 7]);
        let row = ConversionRow::new(goal, unit, id, Timestamp::from_micros(at), writer);
        batch.conversions.push(row.value(value));
        let line = json!({"goal": name, "unit": unit.to_string(), "id": Unit::from_bytes(id).to_string(), "at": at, "value": value});
        writeln!(lines, "{line}").unwrap();
    }
}

fn alias(
    draws: &mut Draws,
    batch: &mut Batch,
    lines: &mut String,
    (visitors, users): (&[Unit], &[Unit]),
) {
    let (visitor, user, at) = (draws.unit(visitors), draws.unit(users), draws.time());
    batch
        .aliases
        .push(AliasRow::new(visitor, user, Timestamp::from_micros(at)));
    let line = json!({"visitor": visitor.to_string(), "user": user.to_string(), "at": at});
    writeln!(lines, "{line}").unwrap();
}

fn erase(draws: &mut Draws, batch: &mut Batch, lines: &mut String, all: &[Unit]) {
    let (unit, at) = (draws.unit(all), draws.time());
    batch
        .erased
        .push(ErasedRow::new(unit, Timestamp::from_micros(at)));
    writeln!(lines, "{}", json!({"unit": unit.to_string(), "at": at})).unwrap();
}

fn question(draws: &mut Draws) -> Question {
    let as_of = draws.pick(&[START + 9 * DAY, START + 14 * DAY + 5, START + 40 * DAY]);
    let mut question = Question::new(name(NAMES[0], draws.kind), Timestamp::from_micros(as_of));
    if draws.below(3) > 0 {
        question = question.formerly(name(NAMES[1], draws.kind));
    }
    if draws.below(3) == 0 {
        question.closed_at = Some(Timestamp::from_micros(START + 15 * DAY));
    }
    if draws.below(3) == 0 {
        let [from, until] = [4, 6].map(|day| Timestamp::from_micros(START + day * DAY));
        question.excluded.push(from..until);
    }
    if draws.below(2) == 0 {
        let [forward, back] =
            [5, 11].map(|day| Timestamp::from_micros(START + day * DAY + DAY / 24));
        question.calendar = Calendar::new(3600, [(forward, 7200), (back, -36_000)]);
    }
    for goal in goals(draws) {
        question = question.goal(goal);
    }
    question
}

/// One goal of each kind, or the last of them, or none.
fn goals(draws: &mut Draws) -> Vec<AskedGoal> {
    let [purchase, visit, refund] = GOALS.map(|goal| Goal::new(goal).unwrap());
    let ratio = |goal: &Goal, numerator, denominator| Measure::Ratio {
        numerator,
        goal: goal.clone(),
        denominator,
    };
    let day = Duration::from_secs(86_400);
    let all: [AskedGoal; 6] = [
        AskedGoal::new(purchase.clone(), Measure::Rate),
        AskedGoal::new(visit.clone(), Measure::Total(Sum::Count))
            .cap(1)
            .lookback(5 * day),
        AskedGoal::new(purchase.clone(), Measure::Total(Sum::Value))
            .window(3 * day)
            .lookback(draws.pick(&[Duration::ZERO, Duration::MAX])),
        AskedGoal::new(refund.clone(), Measure::Total(Sum::Value))
            .cap(20_000_000)
            .lookback(2 * day),
        AskedGoal::new(refund, ratio(&visit, Sum::Value, Sum::Count))
            .window_from(day)
            .window(4 * day),
        AskedGoal::new(purchase.clone(), ratio(&purchase, Sum::Count, Sum::Value))
            .window(Duration::MAX),
    ];
    let from = draws.pick(&[0, 1, 2, 3, 6]);
    all[from..].to_vec()
}
