use serde_json::Value;
use tower_tracks::stats::{
    Counted, CovariateSums, Mean, Missing, Test, TrackCounts, compare_adjusted_means,
};

use super::{
    Generator, Stream,
    looks::{At, Looks},
    test::Decision,
    text,
};

/// Units that buy as they bought before, in a set without an effect.
pub(super) struct Covariate {
    /// The shape of how eager units are.
    shape: f64,
    /// How often an eager unit bought before, and buys after.
    before: f64,
    after: f64,
    /// What they spend each time.
    mu: f64,
    sigma: f64,
    share: f64,
    units: u64,
    looks: Looks,
    decision: Decision,
}

impl Covariate {
    pub(super) fn new(case: &Value) -> Result<Self, String> {
        let input = &case["input"];
        let numbers = |name: &str, word: &str| {
            let text = input[name].as_str().ok_or_else(|| format!("no {name}"))?;
            text::arguments(text, word).ok_or_else(|| format!("what {name} is {text:?}?"))
        };
        let first = |name: &str, word: &str| Ok::<_, String>(numbers(name, word)?[0]);
        let [mu, sigma] = numbers("y", "lognormal")?[..] else {
            return Err("a lognormal value has two parameters".to_owned());
        };
        let looks = Looks::new(input["looks"].as_str().ok_or("no looks")?)?;
        let count = match looks.at {
            At::Spaced(count) => count,
            At::Every(_) => 1,
        };
        Ok(Self {
            shape: first("propensity", "gamma")?,
            before: first("x", "poisson")?,
            after: first("y", "poisson")?,
            mu,
            sigma,
            share: input["share"].as_f64().ok_or("no share")?,
            units: input["units"].as_u64().ok_or("how many units?")?,
            decision: Decision::new(case, count)?,
            looks,
        })
    }

    /// What a unit bought before, and what it spends after.
    fn draw(&self, generator: &mut Generator) -> [f64; 2] {
        let eager = generator.gamma(self.shape);
        let before = generator.poisson(self.before * eager) as f64;
        let after = generator.poisson(self.after * eager) as f64;
        if after == 0.0 {
            return [before, 0.0];
        }
        [
            before,
            after * (self.mu + self.sigma * generator.normal()).exp(),
        ]
    }
}

impl Stream for Covariate {
    fn is_hit(&self, generator: &mut Generator) -> bool {
        let mut seen = [Seen::default(); 2];
        let mut look = 1;
        for unit in 1..=self.units {
            let track = usize::from(generator.chance(self.share));
            seen[track].add(self.draw(generator));
            if unit < self.looks.units(look, self.units) {
                continue;
            }
            let test = self.decision.at(look, unit == self.units);
            look += 1;
            if test.is_some_and(|test| differs(&seen, &test)) {
                return true;
            }
        }
        false
    }

    fn units(&self) -> u64 {
        self.units
    }
}

#[derive(Clone, Copy, Default)]
struct Seen {
    sums: CovariateSums<f64>,
    with_value: u64,
}

impl Seen {
    fn add(&mut self, [before, value]: [f64; 2]) {
        let sums = &mut self.sums;
        sums.units += 1;
        sums.value += value;
        sums.value_squares += value * value;
        sums.covariate += before;
        sums.covariate_squares += before * before;
        sums.products += before * value;
        sums.with_covariate += u64::from(before != 0.0);
        self.with_value += u64::from(value != 0.0);
    }

    fn cell(&self) -> TrackCounts {
        let mean = Mean {
            units: self.sums.units,
            ..Mean::default()
        };
        TrackCounts {
            converters: Some(self.with_value),
            ..Counted::Mean(mean).into()
        }
    }
}

fn differs([control, track]: &[Seen; 2], test: &Test) -> bool {
    if Missing::of(&control.cell(), &track.cell()).is_some() {
        return false;
    }
    let [control, track] = [control, track].map(|seen| seen.sums.covaried().unwrap());
    let found = compare_adjusted_means(&control, &track, test);
    found.is_ok_and(|found| found.comparison.is_significant())
}
