use serde_json::Value;
use tower_tracks::stats::{Counted, Missing, Rate, Test, pooled_z};

use super::{
    Generator, Stream,
    looks::{At, Looks},
    seen::Seen,
    test::Decision,
    text,
    values::Values,
};

/// A goal of a set whose tracks are compared with control.
pub(super) struct Goal {
    pub(super) values: Values,
    pub(super) weights: Vec<f64>,
    pub(super) units: u64,
    pub(super) looks: Looks,
    pub(super) gate: Gate,
    pub(super) decision: Decision,
    /// Whether the variance of a rate is that of each track by itself.
    pub(super) unpooled: bool,
}

/// What has to be there before the first look.
#[derive(Debug, Clone, Copy)]
pub(super) enum Gate {
    /// In each track: units, those with a value, and others.
    Each([u64; 3]),
    /// That of the crate, which both tracks have to pass together.
    Together,
}

impl Goal {
    pub(super) fn new(case: &Value) -> Result<Self, String> {
        let input = &case["input"];
        let text = input["looks"].as_str().ok_or("no looks")?;
        let event = case["event"].as_str().unwrap_or_default();
        let mut looks = Looks::new(text)?;
        if event.contains("no early looks") {
            looks = Looks::spaced(1);
        }
        let weights = weights(input)?;
        let count = match looks.at {
            At::Spaced(count) => count,
            At::Every(_) => 1,
        };
        Ok(Self {
            values: Values::new(input, weights.len())?,
            weights,
            units: units(input, text)?,
            looks,
            gate: Gate::new(input["gate"].as_str())?,
            decision: Decision::new(case, count)?,
            unpooled: event.contains("unpooled"),
        })
    }

    /// Whether any track differs from control at a look.
    fn is_found(&self, seen: &[Seen], test: &Test) -> bool {
        let test = test.among(seen.len() as u32 - 1);
        let passes = |track: &&Seen| self.gate.passes(self, &seen[0], track);
        let counted = |seen: &Seen| self.values.cell(seen).counted;
        let control = counted(&seen[0]);
        seen[1..]
            .iter()
            .filter(passes)
            .any(|track| self.differ(&control, &counted(track), &test))
    }

    fn differ(&self, control: &Counted, track: &Counted, test: &Test) -> bool {
        let (Counted::Rate(control), Counted::Rate(track)) = (control, track) else {
            return values_differ(control, track, test);
        };
        let z = if self.unpooled {
            unpooled_z(control, track)
        } else {
            pooled_z(control, track).unwrap()
        };
        test.p(z, control.units + track.units) <= test.alpha()
    }
}

impl Stream for Goal {
    fn is_hit(&self, generator: &mut Generator) -> bool {
        let mut seen = vec![Seen::default(); self.weights.len()];
        let mut look = 1;
        for unit in 1..=self.units {
            let track = generator.one_of(&self.weights);
            seen[track].add(self.values.draw(track, generator));
            if unit < self.looks.units(look, self.units) {
                continue;
            }
            let is_last = unit == self.units;
            if let Some(test) = self.decision.at(look, is_last) {
                if self.is_found(&seen, &test) {
                    return true;
                }
                if self.looks.once && self.gate.passes(self, &seen[0], &seen[1]) {
                    return false;
                }
            }
            look += 1;
        }
        false
    }

    fn units(&self) -> u64 {
        self.units
    }
}

fn weights(input: &Value) -> Result<Vec<f64>, String> {
    if let Some(weights) = input["weights"].as_array() {
        let weights: Option<Vec<f64>> = weights.iter().map(Value::as_f64).collect();
        return weights.ok_or_else(|| "weights are numbers".to_owned());
    }
    if let Some(share) = input["share"].as_f64() {
        return Ok(vec![1.0 - share, share]);
    }
    let tracks = input["arms"].as_u64().unwrap_or(2);
    Ok(vec![1.0; tracks as usize])
}

fn units(input: &Value, looks: &str) -> Result<u64, String> {
    let names = [
        "units",
        "users",
        "planned_units",
        "fixed_horizon_total_users",
        "planned_total_users",
    ];
    let units = names.iter().find_map(|name| input[name].as_u64());
    let times = text::after(looks, "up to").filter(|_| looks.contains(" x "));
    let times = times.map_or(1, |times| times as u64);
    units
        .map(|units| units * times)
        .ok_or_else(|| "how many units?".to_owned())
}

impl Gate {
    pub(super) fn new(text: Option<&str>) -> Result<Self, String> {
        let Some(text) = text else {
            return Ok(Self::Each([2, 0, 0]));
        };
        let before = |word: &str| {
            let (before, _) = text.split_once(word)?;
            text::first(before.rsplit(">=").next()?)
        };
        let count =
            |words: &[&str]| words.iter().find_map(|word| before(word)).unwrap_or(0.0) as u64;
        if text == "each arm has one converter and one non-converter" {
            Ok(Self::Each([2, 1, 1]))
        } else if text.contains("each arm") {
            let units = count(&[" users"]);
            let others = count(&[" non-converters"]);
            let converters = count(&[" converters", " non-zero values"]);
            Ok(Self::Each([units.max(2), converters, others]))
        } else if text.starts_with("min(n0,n1) >= 100") && text.contains("10") {
            Ok(Self::Together)
        } else {
            Err(format!("what gate is {text:?}?"))
        }
    }

    fn passes(self, goal: &Goal, control: &Seen, track: &Seen) -> bool {
        match self {
            Self::Each(least) => [control, track].iter().all(|seen| seen.has(least)),
            Self::Together => {
                let [control, track] = [control, track].map(|seen| goal.values.cell(seen));
                Missing::of(&control, &track).is_none()
            }
        }
    }
}

/// Whether means or ratios differ. The t quantile is slow, and far from it nothing depends on it.
fn values_differ(control: &Counted, track: &Counted, test: &Test) -> bool {
    let asymptotic = Test::always_valid(0.05).unwrap();
    let Ok(got) = track.compare(control, &asymptotic) else {
        return false;
    };
    let multiplier = test.multiplier(got.units);
    got.z.abs() > 0.98 * multiplier
        && track
            .compare(control, test)
            .is_ok_and(|got| got.is_significant())
}

/// The z whose variance is of each rate by itself.
fn unpooled_z(control: &Rate, track: &Rate) -> f64 {
    let variance = |rate: &Rate| {
        let value = rate.value().unwrap();
        value * (1.0 - value) / rate.units as f64
    };
    let difference = track.value().unwrap() - control.value().unwrap();
    difference / (variance(control) + variance(track)).sqrt()
}
