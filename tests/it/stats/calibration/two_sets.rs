use serde_json::Value;
use tower_tracks::stats::interaction;

use super::{
    Generator, Stream,
    looks::{At, Looks},
    seen::Seen,
    test::Decision,
    values::Values,
};

/// Units that are in two sets at once, neither of which has an effect.
pub(super) struct TwoSets {
    shares: [f64; 2],
    values: Values,
    units: u64,
    looks: Looks,
    decision: Decision,
}

impl TwoSets {
    pub(super) fn new(case: &Value) -> Result<Self, String> {
        let input = &case["input"];
        let share = |set: usize| input["shares"][set].as_f64().ok_or("no shares");
        let looks = Looks::new(input["looks"].as_str().ok_or("no looks")?)?;
        let gate = input["gate"].as_str().unwrap_or_default();
        if gate != "smallest cell >= 100 units and 10 expected units with a value" {
            return Err(format!("what gate is {gate:?}?"));
        }
        let count = match looks.at {
            At::Spaced(count) => count,
            At::Every(_) => 1,
        };
        Ok(Self {
            shares: [share(0)?, share(1)?],
            values: Values::new(input, 1)?,
            units: input["units"].as_u64().ok_or("how many units?")?,
            decision: Decision::new(case, count)?,
            looks,
        })
    }
}

impl Stream for TwoSets {
    fn is_hit(&self, generator: &mut Generator) -> bool {
        let mut cells = [[Seen::default(); 2]; 2];
        let mut look = 1;
        for unit in 1..=self.units {
            let [a, b] = self
                .shares
                .map(|share| usize::from(generator.chance(share)));
            cells[a][b].add(self.values.draw(0, generator));
            if unit < self.looks.units(look, self.units) {
                continue;
            }
            let test = self.decision.at(look, unit == self.units);
            look += 1;
            let means = cells.map(|row| row.map(|cell| cell.mean()));
            let found = test
                .filter(|_| passes(&cells))
                .map(|test| interaction(&means, &test));
            if found.is_some_and(|found| found.is_ok_and(|found| found.p <= found.alpha)) {
                return true;
            }
        }
        false
    }

    fn units(&self) -> u64 {
        self.units
    }
}

/// Whether the smallest cell has enough units, and expected units with a value.
fn passes(cells: &[[Seen; 2]; 2]) -> bool {
    let cells = cells.as_flattened();
    let sum = |of: fn(&Seen) -> u64| cells.iter().map(of).sum::<u64>();
    let smallest = cells.iter().map(|cell| cell.units).min().unwrap_or(0);
    smallest >= 100 && smallest * sum(|cell| cell.with_value) >= 10 * sum(|cell| cell.units)
}
