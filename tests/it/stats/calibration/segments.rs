use serde_json::Value;
use tower_tracks::stats::{Test, compare_means, heterogeneity};

use super::{Generator, Stream, seen::Seen, text, values::Values};

/// Segments of a set without an effect, looked at once.
pub(super) struct Segments {
    values: Values,
    share: f64,
    sizes: Vec<u64>,
    alpha: f64,
}

impl Segments {
    pub(super) fn new(case: &Value) -> Result<Self, String> {
        let (input, event) = (&case["input"], case["event"].as_str().unwrap_or_default());
        let sizes = input["segments"].as_array().ok_or("no segments")?;
        let sizes: Option<Vec<u64>> = sizes.iter().map(Value::as_u64).collect();
        if !event.starts_with("p of Cochran's Q <= ") {
            return Err(format!("what is {event:?}?"));
        }
        Ok(Self {
            values: Values::new(input, 2)?,
            share: input["share"].as_f64().ok_or("no share")?,
            sizes: sizes.ok_or("segments are counts")?,
            alpha: text::first(event).ok_or("at which level?")?,
        })
    }
}

impl Stream for Segments {
    fn is_hit(&self, generator: &mut Generator) -> bool {
        // The difference and its error are the same at every level; this one is fast.
        let test = Test::always_valid(0.05).unwrap();
        let mut segment = |size: &u64| {
            let mut seen = [Seen::default(); 2];
            for _ in 0..*size {
                let track = usize::from(generator.chance(self.share));
                seen[track].add(self.values.draw(track, generator));
            }
            compare_means(&seen[0].mean(), &seen[1].mean(), &test)
        };
        let compared: Vec<_> = self.sizes.iter().map(&mut segment).collect();
        heterogeneity(&compared).is_ok_and(|found| found.p <= self.alpha)
    }

    fn units(&self) -> u64 {
        self.sizes.iter().sum()
    }
}
