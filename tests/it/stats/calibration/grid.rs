use tower_tracks::stats::{PowerAnalysis, Test};

use super::{
    Band, Simulation, Stream,
    delay::{Delay, Reading},
    goal::{Gate, Goal},
    looks::Looks,
    test::{Decision, plan},
    values::Values,
};

/// The runs of a cell in full.
const RUNS: u64 = 4000;

const ALPHA: f64 = 0.05;

/// How many daily looks there are without a plan.
const DAYS: u64 = 28;

/// The cells of our own grid.
pub(super) fn simulations() -> Vec<Simulation> {
    let mut cells = always_valid();
    cells.extend(group_sequential());
    cells.push(delay());
    cells.push(outage());
    cells
}

/// A goal without an effect is looked at daily, at any share of the track.
fn always_valid() -> Vec<Simulation> {
    let test = Test::always_valid(ALPHA).unwrap();
    let mut cells = Vec::new();
    for share in [0.5, 0.25, 0.1, 0.05, 0.01] {
        for (name, values) in goals() {
            let id = format!("always valid, {name}, share {share}");
            let goal = Goal {
                units: 50_000,
                looks: Looks::spaced(DAYS),
                ..of(values, share, Decision::Test(test))
            };
            cells.push(cell(id, goal, at_most(ALPHA)));
        }
    }
    cells
}

/// Rates, and what buyers spend.
fn goals() -> Vec<(String, Values)> {
    let rate = |rate: f64| (format!("rate {rate}"), Values::Rates(vec![rate; 2]));
    let revenue = |sigma: f64| {
        let values = Values::Lognormal {
            pay: 0.05,
            mu: 3.0,
            sigma,
            times: vec![1.0; 2],
        };
        (format!("revenue, sigma {sigma}"), values)
    };
    vec![rate(0.1), rate(0.02), revenue(1.3), revenue(2.0)]
}

/// Plans err as they promise, and find what a single look would.
fn group_sequential() -> Vec<Simulation> {
    let mut cells = Vec::new();
    for looks in [7, 14, 28] {
        let size = PowerAnalysis::group_sequential(ALPHA, looks as u32).for_rate(0.1, 0.015);
        let units = size.unwrap().total().ceil() as u64;
        for (name, rate, band) in [
            ("without an effect", 0.1, at_most(ALPHA)),
            ("power", 0.115, between(0.77, 0.83)),
        ] {
            let decision = Decision::Planned(plan(ALPHA, looks).unwrap());
            let goal = Goal {
                units,
                looks: Looks::spaced(looks),
                ..of(Values::Rates(vec![0.1, rate]), 0.5, decision)
            };
            cells.push(cell(format!("{looks} looks, {name}"), goal, band));
        }
    }
    cells
}

/// A track that takes longer is no worse.
fn delay() -> Simulation {
    let stream = Delay {
        rate: 0.1,
        share: 0.5,
        mean_days: [1.0, 5.0],
        window: 30,
        per_day: 1000,
        days: 14,
        midnights: 60,
        closed: true,
        reading: Reading::AlwaysValid(Test::always_valid(ALPHA).unwrap()),
    };
    cell(
        "a track that only delays".to_owned(),
        stream,
        at_most(ALPHA),
    )
}

/// Conversions stop: that is found within 1,000 units.
fn outage() -> Simulation {
    let decision = Decision::Test(Test::always_valid(ALPHA).unwrap());
    let goal = Goal {
        units: 1000,
        looks: Looks::every(50),
        ..of(Values::Rates(vec![0.1, 0.0]), 0.5, decision)
    };
    cell("an outage".to_owned(), goal, between(0.95, 1.0))
}

fn of(values: Values, share: f64, decision: Decision) -> Goal {
    Goal {
        values,
        weights: vec![1.0 - share, share],
        units: 0,
        looks: Looks::spaced(1),
        gate: Gate::Together,
        decision,
        unpooled: false,
    }
}

fn cell(id: String, stream: impl Stream + 'static, band: Band) -> Simulation {
    let seed = id
        .bytes()
        .fold(1, |seed: u64, byte| seed.wrapping_mul(31) + u64::from(byte));
    Simulation {
        stream: Box::new(stream),
        seed,
        band,
        id,
    }
}

fn at_most(most: f64) -> Band {
    Band {
        at_most: Some(most),
        ..between(0.0, 1.0)
    }
}

fn between(low: f64, high: f64) -> Band {
    Band {
        accept: [low, high],
        at_most: None,
        runs: RUNS,
    }
}
