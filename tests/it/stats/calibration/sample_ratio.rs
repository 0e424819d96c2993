use serde_json::Value;
use tower_tracks::stats::{Headcount, pearson, ratio_evidence};

use super::{Generator, Stream, looks::Looks, text};

/// Units that are assigned as configured, to any number of tracks.
pub(super) struct SampleRatio {
    weights: Vec<f64>,
    units: u64,
    looks: Looks,
    alpha: f64,
    /// Of the test that is always valid; else it is Pearson's.
    concentration: Option<f64>,
}

impl SampleRatio {
    pub(super) fn new(case: &Value) -> Result<Self, String> {
        let (input, event) = (&case["input"], case["event"].as_str().unwrap_or_default());
        let weights = input["weights"].as_array().ok_or("no weights")?;
        let weights: Option<Vec<f64>> = weights.iter().map(Value::as_f64).collect();
        let concentration = match event.split(' ').next() {
            Some("sequential") => Some(input["concentration"].as_f64().ok_or("how firmly?")?),
            Some("chi-square") => None,
            _ => return Err(format!("what is {event:?}?")),
        };
        Ok(Self {
            weights: weights.ok_or("weights are numbers")?,
            units: input["users"].as_u64().ok_or("how many units?")?,
            looks: Looks::new(input["looks"].as_str().ok_or("no looks")?)?,
            alpha: text::after(event, "<= ").ok_or("at which level?")?,
            concentration,
        })
    }

    fn p(&self, tracks: &[Headcount]) -> f64 {
        match self.concentration {
            Some(concentration) => (-ratio_evidence(tracks, concentration).unwrap())
                .exp()
                .min(1.0),
            None => pearson(tracks).unwrap().p,
        }
    }
}

impl Stream for SampleRatio {
    fn is_hit(&self, generator: &mut Generator) -> bool {
        let headcount = |weight: &f64| Headcount {
            weight: *weight,
            units: 0,
        };
        let mut tracks: Vec<Headcount> = self.weights.iter().map(headcount).collect();
        let mut look = 1;
        for unit in 1..=self.units {
            tracks[generator.one_of(&self.weights)].units += 1;
            if unit < self.looks.units(look, self.units) {
                continue;
            }
            look += 1;
            if unit >= self.looks.from && self.p(&tracks) <= self.alpha {
                return true;
            }
        }
        false
    }

    fn units(&self) -> u64 {
        self.units
    }
}
