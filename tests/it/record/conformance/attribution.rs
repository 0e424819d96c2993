//! Whose conversions are whose, computed by hand.

use std::{sync::Arc, time::Duration};

use tower_tracks::{
    Goal,
    store::{
        AliasRow, Amount, AskedGoal, Attribution, Calendar, Cell, Cohort, GoalCells, I256, Measure,
        PhaseName, Question, ServedDefinition, Timestamp,
    },
    unit::Unit,
};

use super::{
    Fresh, Open,
    facts::{Conversion, Definition, Exposure, Fact, batch},
    pools::{DAY, SECOND, START, goals, phase, track, units, writer},
};

const HOUR: i64 = 3600 * SECOND;

pub(in crate::record) fn attribution(open: Open<'_>) {
    let cases = [
        windows,
        later_windows,
        as_of,
        times,
        days,
        crossed,
        served,
        coins,
        caps,
        ratios,
        aliases,
        kinds,
        repetitions,
        refunds,
        local_days,
        extremes,
        unknown,
    ];
    for case in cases {
        for prepare in [|_: &Fresh| (), crowd] {
            if let Some(store) = open() {
                prepare(&store);
                case(store);
            }
        }
    }
}

/// Has strangers reach each goal many times, which changes no answer, but perhaps how a store finds it.
fn crowd(store: &Fresh) {
    let stranger =
        |number: u64| Unit::from_bytes([number.to_be_bytes(); 2].concat().try_into().unwrap());
    let by = |goal: &Goal, number| match reached(goal, 0, number as i64, 1) {
        Fact::Conversion(conversion) => Fact::Conversion(Conversion {
            unit: stranger(number),
            ..conversion
        }),
        other => other,
    };
    let facts = goals()
        .into_iter()
        .flat_map(|goal| (1..200).map(move |number| by(&goal, number)));
    let facts: Vec<Fact> = facts.collect();
    store.write(&batch(&facts)).unwrap();
}

fn at(offset: i64) -> Timestamp {
    Timestamp::from_micros(START + offset)
}

fn delay() -> PhaseName {
    phase("delay", 1, "visitor")
}

fn purchase() -> Goal {
    goals().swap_remove(0)
}

fn exposed(unit: usize, name: &str, offset: i64) -> Fact {
    exposed_in(&delay(), unit, name, offset)
}

fn exposed_in(phase: &PhaseName, unit: usize, name: &str, offset: i64) -> Fact {
    Fact::Exposure(Exposure {
        track: track(phase, name),
        unit: units()[unit],
        first_at: at(offset),
        coin: Some(true),
        definition: None,
        segment: None,
        writer: writer(0),
    })
}

/// A conversion whose key is its time.
fn reached(goal: &Goal, unit: usize, offset: i64, value: i64) -> Fact {
    let mut idem = [0; 16];
    idem[..8].copy_from_slice(&offset.to_be_bytes());
    Fact::Conversion(Conversion {
        goal: goal.clone(),
        unit: units()[unit],
        idem,
        at: at(offset),
        value,
        writer: writer(0),
    })
}

fn bought(unit: usize, offset: i64) -> Fact {
    reached(&purchase(), unit, offset, 0)
}

fn alias(visitor: usize, user: usize, offset: i64) -> Fact {
    Fact::Alias(AliasRow {
        visitor: units()[visitor],
        user: units()[user],
        first_at: at(offset),
    })
}

fn count() -> AskedGoal {
    AskedGoal::new(purchase(), Measure::Total(Amount::Count))
}

fn value() -> AskedGoal {
    AskedGoal::new(purchase(), Measure::Total(Amount::Value))
}

fn ask(store: &Fresh, question: &Question) -> Attribution {
    store.attribute(question).unwrap().unwrap()
}

/// Returns the one cell of the first goal, a month later.
fn only_cell(store: &Fresh, facts: &[Fact], asked: AskedGoal) -> Cell {
    store.write(&batch(facts)).unwrap();
    let answer = ask(store, &Question::new(delay(), at(30 * DAY)).goal(asked));
    assert_eq!(answer.goals[0].cells.len(), 1);
    let cells = answer.goals[0].cells.values().next().copied().unwrap();
    assert_eq!(cells.open, Cell::default());
    cells.closed
}

fn key(name: &str, coin: Option<bool>, offset: i64) -> Cohort {
    Cohort {
        track: Arc::from(name),
        coin,
        day: at(offset).day(),
        definition: None,
        crossed_on: None,
    }
}

/// The sum of the first goal, of units first exposed at the start.
fn sum(answer: &Attribution, name: &str) -> i128 {
    let cells = answer.goals[0].cells[&key(name, Some(true), 0)];
    cells.all().unwrap().sum
}

/// From the first exposure less the skew on, and not any more when the window is over.
fn windows(store: Fresh) {
    let facts = [
        exposed(0, "a", 12 * HOUR),
        bought(0, 12 * HOUR - 2 * SECOND - 1),
        bought(0, 12 * HOUR - 2 * SECOND),
        bought(0, 12 * HOUR),
        bought(0, 13 * HOUR - 1),
        bought(0, 13 * HOUR),
    ];
    let asked = AskedGoal {
        window: Duration::from_secs(3600),
        ..count()
    };
    let cell = only_cell(&store, &facts, asked.clone());
    assert_eq!(
        (cell.sum, cell.sum_sq, cell.converters),
        (3, I256::from(9), 1)
    );
    let mut question = Question::new(delay(), at(30 * DAY)).goal(asked);
    question.skew = Duration::ZERO;
    let cells = ask(&store, &question).goals.remove(0).cells;
    assert_eq!(cells[&key("a", Some(true), 0)].closed.sum, 2);
}

/// A window that begins later has no skew, and ends when it is counted from the exposure.
fn later_windows(store: Fresh) {
    let facts = [
        exposed(0, "a", 0),
        bought(0, 7 * DAY - 1),
        bought(0, 7 * DAY),
        bought(0, 14 * DAY - 1),
        bought(0, 14 * DAY),
    ];
    let days = |days: u64| Duration::from_secs(days * 86_400);
    let asked = AskedGoal {
        window_from: days(7),
        window: days(14),
        ..count()
    };
    let cell = only_cell(&store, &facts, asked);
    assert_eq!((cell.sum, cell.converters), (2, 1));
}

/// Conversions shortly before the exposure are counted apart, and so are those that matched.
fn times(store: Fresh) {
    let facts = [
        exposed(0, "a", HOUR),
        bought(0, HOUR - 60 * SECOND - 1),
        bought(0, HOUR - 60 * SECOND),
        bought(0, HOUR - 2 * SECOND - 1),
        bought(0, HOUR - 2 * SECOND),
        bought(0, 20 * DAY),
        bought(0, 30 * DAY),
        bought(1, HOUR),
    ];
    store.write(&batch(&facts)).unwrap();
    let answer = ask(&store, &Question::new(delay(), at(30 * DAY)).goal(count()));
    let goal = &answer.goals[0];
    assert_eq!((goal.matched, goal.shortly_before), (2, 2));
    assert_eq!(answer.exposed, Some((at(HOUR), at(HOUR))));
}

/// What happens at that very time is not known yet, and windows that go on are unfinished.
fn as_of(store: Fresh) {
    let facts = [
        exposed(0, "a", 0),
        exposed(1, "a", 12 * HOUR),
        bought(0, 12 * HOUR - 1),
        bought(0, 12 * HOUR),
    ];
    store.write(&batch(&facts)).unwrap();
    let half_a_day = AskedGoal {
        window: Duration::from_secs(12 * 3600),
        ..count()
    };
    let question = |offset| Question::new(delay(), at(offset)).goal(half_a_day.clone());
    let key = key("a", Some(true), 0);
    let cells = |offset| ask(&store, &question(offset)).goals[0].cells[&key];
    let numbers = |cells: GoalCells| {
        let all = cells.all().unwrap();
        (all.units, all.sum, cells.open.units)
    };
    assert_eq!(numbers(cells(12 * HOUR - 1)), (1, 0, 1));
    assert_eq!(numbers(cells(12 * HOUR)), (1, 1, 0));
    assert_eq!(numbers(cells(12 * HOUR + 1)), (2, 1, 1));
    assert_eq!(
        ask(&store, &question(0)),
        Attribution {
            goals: vec![Default::default()],
            ..Attribution::default()
        }
    );
}

/// A conversion of a negative value takes back, and reaches nothing. Closed and open units alike.
fn refunds(store: Fresh) {
    let refund = |unit, offset, value| reached(&purchase(), unit, offset, value);
    let facts = [
        // An order, and the refund of it under a key of its own.
        exposed(0, "a", 0),
        refund(0, HOUR, 50),
        refund(0, 2 * HOUR, -50),
        // The refund of an order before the test.
        exposed(1, "a", 0),
        refund(1, -HOUR, 30),
        refund(1, HOUR, -30),
        // Nothing but a refund.
        exposed(2, "a", 0),
        refund(2, HOUR, -7),
        // An order that is more than refunded.
        exposed(4, "a", 0),
        refund(4, HOUR, 10),
        refund(4, 2 * HOUR, -25),
        // A refund under the key of its order is a repetition of the order.
        exposed(3, "a", 0),
        refund(3, HOUR, 40),
        same_key(refund(3, 2 * HOUR, -40), refund(3, HOUR, 0)),
    ];
    store.write(&batch(&facts)).unwrap();
    let rate = AskedGoal::new(purchase(), Measure::Rate);
    let per_order = Measure::Ratio {
        numerator: Amount::Value,
        goal: purchase(),
        denominator: Amount::Count,
    };
    let per_order = AskedGoal::new(purchase(), per_order);
    for (as_of, is_closed) in [(30 * DAY, true), (DAY, false)] {
        let goals = [rate.clone(), count(), value(), per_order.clone()];
        let question = Question::new(delay(), at(as_of));
        let answer = ask(&store, &goals.into_iter().fold(question, Question::goal));
        let cells = answer.goals.iter().map(|goal| {
            let cells = goal.cells[&key("a", Some(true), 0)];
            if is_closed { cells.closed } else { cells.open }
        });
        let numbers = cells.map(|cell| {
            let converters = cell.converters;
            (cell.units, converters, cell.sum, cell.denominator)
        });
        let numbers: Vec<_> = numbers.collect();
        let worth = -30 - 7 - 15 + 40;
        let expected = [
            (5, 3, 3, 0),
            (5, 3, 3, 0),
            (5, 3, worth, 0),
            (5, 3, worth, 3),
        ];
        assert_eq!(numbers, expected, "closed: {is_closed}");
    }
}

/// The first conversion, under the key of the second.
fn same_key(fact: Fact, other: Fact) -> Fact {
    match (fact, other) {
        (Fact::Conversion(conversion), Fact::Conversion(Conversion { idem, .. })) => {
            Fact::Conversion(Conversion { idem, ..conversion })
        }
        (fact, _) => fact,
    }
}

/// By the calendar of a question, a day may begin at another time than in UTC, and have another
/// length.
fn local_days(store: Fresh) {
    let facts = [
        exposed(0, "a", 5 * HOUR - 1),
        exposed(1, "a", 5 * HOUR),
        exposed(2, "a", DAY + 4 * HOUR - 1),
        exposed(3, "a", DAY + 4 * HOUR),
        exposed(3, "b", 2 * DAY + 4 * HOUR - 1),
    ];
    store.write(&batch(&facts)).unwrap();
    let mut question = Question::new(delay(), at(30 * DAY));
    question.calendar = Calendar::new(-5 * 3600, [(at(12 * HOUR), -4 * 3600)]);
    let answer = ask(&store, &question);
    let first = at(0).day();
    let days: Vec<_> = answer
        .units
        .iter()
        .map(|(cohort, units)| {
            (
                cohort.day - first,
                cohort.crossed_on.map(|day| day - first),
                *units,
            )
        })
        .collect();
    assert_eq!(days, [(-1, None, 1), (0, None, 2), (1, Some(1), 1)]);
}

/// A unit belongs to the day of its first exposure, in UTC.
fn days(store: Fresh) {
    let facts = [
        exposed(0, "a", -1),
        exposed(1, "a", 0),
        exposed(2, "a", DAY - 1),
        exposed(2, "a", DAY + 1),
        exposed(3, "a", DAY),
    ];
    store.write(&batch(&facts)).unwrap();
    let answer = ask(&store, &Question::new(delay(), at(30 * DAY)));
    let units = [-1, 0, DAY].map(|offset| answer.units[&key("a", Some(true), offset)]);
    assert_eq!((units, answer.units.len()), ([1, 2, 1], 3));
}

/// A unit that was exposed to two tracks is in a cohort of its own, with its first track; before the
/// second exposure it is like any other.
fn crossed(store: Fresh) {
    let facts = [
        exposed(0, "b", 0),
        exposed(0, "a", HOUR),
        exposed(1, "a", 0),
        bought(0, 2 * HOUR),
        bought(1, 2 * HOUR),
    ];
    store.write(&batch(&facts)).unwrap();
    let question = |offset| Question::new(delay(), at(offset)).goal(count());
    let late = ask(&store, &question(DAY));
    assert_eq!((late.crossed(), late.units.len()), (1, 2));
    let sum = |key: &Cohort| late.goals[0].cells[key].open.sum;
    let crossed = Cohort {
        crossed_on: Some(at(HOUR).day()),
        ..key("b", Some(true), 0)
    };
    assert_eq!(
        [key("a", Some(true), 0), crossed].map(|key| sum(&key)),
        [1, 1]
    );
    let early = ask(&store, &question(HOUR));
    assert_eq!((early.crossed(), early.units.len()), (0, 2));
}

/// An exposure is of the definition that it names, else of the one that was in force by then, else of
/// the earliest.
fn served(store: Fresh) {
    let definition = |fingerprint: u8, offset| {
        Fact::Definition(Definition {
            phase: delay(),
            fingerprint: [fingerprint; 32],
            json: "{}".into(),
            first_at: at(offset),
        })
    };
    let under = |fingerprint: u8, fact| match fact {
        Fact::Exposure(exposure) => Fact::Exposure(Exposure {
            definition: Some(fingerprint),
            ..exposure
        }),
        other => other,
    };
    let facts = [
        definition(9, 0),
        definition(5, DAY),
        definition(7, 9 * DAY),
        exposed(0, "a", -1),
        exposed(1, "a", DAY - 1),
        exposed(2, "a", DAY),
        under(9, exposed(3, "a", 3 * DAY)),
        under(5, exposed(4, "a", 2 * HOUR)),
    ];
    store.write(&batch(&facts)).unwrap();
    let answer = ask(&store, &Question::new(delay(), at(30 * DAY)));
    let served = |fingerprint: u8, served: Option<(i64, i64)>| ServedDefinition {
        fingerprint: [fingerprint; 32],
        served: served.map(|(first, last)| (at(first), at(last))),
    };
    let expected = [
        served(9, Some((-1, 3 * DAY))),
        served(5, Some((2 * HOUR, DAY))),
        served(7, None),
    ];
    assert_eq!(answer.definitions, expected);
    let of = |definition: u32| {
        let mut units = answer.units.iter();
        let of = units
            .by_ref()
            .filter(|(cohort, _)| cohort.definition == Some(definition));
        of.map(|(_, n)| n).sum::<u64>()
    };
    assert_eq!([of(0), of(1), of(2)], [3, 2, 0]);
}

/// Each side of the coin has a cell, and so have those without a coin.
fn coins(store: Fresh) {
    let coins = [None, Some(false), Some(true), None];
    for (unit, coin) in coins.into_iter().enumerate() {
        let fact = match exposed(unit, "a", 0) {
            Fact::Exposure(exposure) => Fact::Exposure(Exposure { coin, ..exposure }),
            other => other,
        };
        store.write(&batch(&[fact])).unwrap();
    }
    let answer = ask(&store, &Question::new(delay(), at(DAY)));
    let units = [None, Some(false), Some(true)].map(|coin| answer.units[&key("a", coin, 0)]);
    assert_eq!(units, [2, 1, 1]);
}

/// The cap cuts a unit's total, up and down, not each conversion; what is exactly the cap is not
/// cut.
fn caps(store: Fresh) {
    let of = |unit, offset, value| reached(&purchase(), unit, offset, value);
    let facts = [
        exposed(0, "a", 0),
        exposed(1, "a", 0),
        exposed(2, "a", 0),
        exposed(3, "a", 0),
        exposed(4, "a", 0),
        of(0, 1, 6),
        of(0, 2, 5),
        of(1, 1, 10),
        of(2, 1, 15),
        of(2, 2, -20),
        of(3, 1, -10),
        of(4, 1, -11),
    ];
    let capped = AskedGoal {
        cap: Some(10),
        ..value()
    };
    let expected = Cell {
        units: 5,
        converters: 3,
        sum: 10 + 10 - 5 - 10 - 10,
        sum_sq: I256::from(100 + 100 + 25 + 100 + 100),
        sum_abs: 10 + 10 + 5 + 10 + 10,
        largest: 10,
        capped: 2,
        ..Cell::default()
    };
    assert_eq!(only_cell(&store, &facts, capped), expected);
}

/// Both sums of a ratio are over the same unit; the cap is for the numerator.
fn ratios(store: Fresh) {
    let visit = &goals()[1];
    let facts = [
        exposed(0, "a", 0),
        exposed(1, "a", 0),
        reached(&purchase(), 0, 1, 7),
        reached(&purchase(), 0, 2, 5),
        reached(visit, 0, 3, 100),
        reached(visit, 0, 4, 100),
        reached(visit, 1, 5, 100),
    ];
    let ratio = Measure::Ratio {
        numerator: Amount::Value,
        goal: visit.clone(),
        denominator: Amount::Count,
    };
    let asked = AskedGoal {
        cap: Some(11),
        ..AskedGoal::new(purchase(), ratio)
    };
    let expected = Cell {
        units: 2,
        converters: 1,
        sum: 11,
        sum_sq: I256::from(121),
        sum_abs: 11,
        largest: 11,
        capped: 1,
        denominator: 3,
        denominator_sq: I256::from(5),
        cross: I256::from(22),
    };
    assert_eq!(only_cell(&store, &facts, asked), expected);
}

/// The visitor of the latest alias that is not after the conversion; of several the least.
fn aliases(store: Fresh) {
    const USER: usize = 4;
    let facts = [
        exposed(0, "a", 0),
        exposed(1, "b", 0),
        exposed(2, "c", 0),
        exposed(3, "d", 0),
        alias(0, USER, 10),
        alias(2, USER, 20),
        alias(1, USER, 20),
        alias(3, USER, 30),
        bought(USER, 9),
        bought(USER, 10),
        bought(USER, 19),
        bought(USER, 20),
        bought(USER, 25),
        bought(USER, 29),
        bought(USER, 31),
    ];
    store.write(&batch(&facts)).unwrap();
    let answer = ask(&store, &Question::new(delay(), at(DAY)).goal(count()));
    let sums = ["a", "b", "c", "d"].map(|name| sum(&answer, name));
    assert_eq!(sums, [2, 3, 0, 1]);
}

/// In a set that is not by visitor, aliases move nothing.
fn kinds(store: Fresh) {
    let by_user = phase("delay.x", 1, "user");
    let facts = [
        exposed_in(&by_user, 0, "a", 0),
        exposed_in(&by_user, 1, "b", 0),
        alias(0, 1, 1),
        bought(1, 2),
    ];
    store.write(&batch(&facts)).unwrap();
    let answer = ask(&store, &Question::new(by_user, at(DAY)).goal(count()));
    let sums = ["a", "b"].map(|name| sum(&answer, name));
    assert_eq!(sums, [0, 1]);
}

/// The same conversion by visitor and by user counts once: the earlier.
fn repetitions(store: Fresh) {
    let with_key = |unit: usize, offset, value| match reached(&purchase(), unit, offset, value) {
        Fact::Conversion(conversion) => Fact::Conversion(Conversion {
            idem: [7; 16],
            ..conversion
        }),
        other => other,
    };
    let facts = [
        exposed(0, "a", 0),
        alias(0, 1, 0),
        with_key(0, 20, 4),
        with_key(1, 10, 3),
        with_key(1, 10, 5),
        with_key(1, 11, 1),
    ];
    let cell = only_cell(&store, &facts, value());
    assert_eq!((cell.sum, cell.sum_sq), (3, I256::from(9)));
}

/// Values at both ends of 64 bits are summed: a unit counts at most what 64 bits hold, up and down.
fn extremes(store: Fresh) {
    let (most, visit) = (i128::from(i64::MAX), &goals()[1]);
    let facts = [
        exposed(0, "a", 0),
        exposed(1, "a", 0),
        exposed(2, "a", 0),
        reached(&purchase(), 0, 1, i64::MAX),
        reached(&purchase(), 0, 2, i64::MAX),
        reached(&purchase(), 1, 1, i64::MIN),
        reached(&purchase(), 2, 1, i64::MAX),
        reached(visit, 0, 3, i64::MIN),
        reached(visit, 0, 4, i64::MIN),
    ];
    let square = I256::product(most, most);
    let of_values = Cell {
        units: 3,
        converters: 2,
        sum: most,
        sum_sq: square.checked_mul(3).unwrap(),
        sum_abs: 3 * most,
        largest: most,
        capped: 2,
        ..Cell::default()
    };
    assert_eq!(only_cell(&store, &facts, value()), of_values);
    let ratio = Measure::Ratio {
        numerator: Amount::Value,
        goal: visit.clone(),
        denominator: Amount::Value,
    };
    let of_ratio = Cell {
        denominator: -most,
        denominator_sq: square,
        cross: I256::product(most, -most),
        ..of_values
    };
    let asked = AskedGoal::new(purchase(), ratio);
    assert_eq!(only_cell(&store, &facts, asked), of_ratio);
    for cap in [i64::MAX, i64::MIN] {
        let capped = AskedGoal {
            cap: Some(cap),
            ..value()
        };
        assert_eq!(only_cell(&store, &facts, capped), of_values);
    }
}

/// An unknown phase has no answer; a goal without conversions has zeros.
fn unknown(store: Fresh) {
    let question = Question::new(delay(), at(DAY)).goal(count());
    assert_eq!(store.attribute(&question).unwrap(), None);
    let unit: Unit = units()[0];
    assert_eq!(store.history(unit).unwrap(), Default::default());
    store.write(&batch(&[exposed(0, "a", 0)])).unwrap();
    let cells = ask(&store, &question).goals[0].cells[&key("a", Some(true), 0)];
    assert_eq!((cells.open.units, cells.open.converters), (1, 0));
    assert_eq!(cells.closed, Cell::default());
}
