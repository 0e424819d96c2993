use serde_json::Value;
use tower_tracks::stats::{Latencies, Test, compare_latencies};

use super::{Generator, Stream, looks::Looks, text};

/// Requests of units, of which a track may be slower by a factor.
pub(super) struct Latency {
    durations: Durations,
    requests: Requests,
    share: f64,
    lift: f64,
    units: u64,
    looks: Looks,
    test: Test,
    /// The lift whose exclusion from the interval is the event.
    excluded: f64,
}

/// How long requests take.
enum Durations {
    /// `ln ms = ln median + unit · normal + request · normal`.
    Lognormal {
        median: f64,
        unit: f64,
        request: f64,
    },
    /// A share of the requests is slow, which is another for each unit.
    Modes {
        slow: [f64; 2],
        /// The logarithm of the median and the deviation: of slow ones, of others.
        of: [[f64; 2]; 2],
    },
}

/// How many requests a unit makes.
enum Requests {
    Geometric { mean: f64 },
    Lognormal { mu: f64, sigma: f64, most: f64 },
}

impl Latency {
    pub(super) fn new(case: &Value) -> Result<Self, String> {
        let (input, event) = (&case["input"], case["event"].as_str().unwrap_or_default());
        let number = |name: &str| input[name].as_f64().ok_or_else(|| format!("no {name}"));
        let word = |name: &str| input[name].as_str().ok_or_else(|| format!("no {name}"));
        let gate = "100 units and 20 effective slow requests in each track";
        if word("gate")? != gate || !word("groups")?.starts_with("32, at random by unit") {
            return Err("what gate, or what groups are that?".to_owned());
        }
        let fixed = Test::fixed(number("alpha")?).map_err(|why| why.to_string())?;
        let test = if event.starts_with("the always-valid interval of the lift excludes") {
            fixed.tuned_for(number("n_star")? as u64)
        } else if event.starts_with("the fixed interval of the lift excludes") {
            fixed
        } else {
            return Err(format!("what is {event:?}?"));
        };
        let lift = number("lift")?;
        Ok(Self {
            durations: Durations::new(word("latency")?)?,
            requests: Requests::new(word("requests")?)?,
            share: number("share")?,
            lift,
            units: number("units")? as u64,
            looks: Looks::new(word("looks")?)?,
            test,
            excluded: if event.contains("the true lift") {
                lift
            } else {
                0.0
            },
        })
    }

    /// Counts the requests of one unit.
    fn add_unit(&self, tracks: &mut [Latencies; 2], generator: &mut Generator) {
        let track = usize::from(generator.chance(self.share));
        let times = if track == 1 { 1.0 + self.lift } else { 1.0 };
        let hash = generator.bits() >> 11;
        let of_unit = self.durations.of_unit(generator);
        for _ in 0..self.requests.draw(generator) {
            let milliseconds = times * self.durations.draw(of_unit, generator);
            tracks[track].record(hash, milliseconds);
        }
        let units = tracks[track].units() + 1;
        tracks[track].set_units(units);
    }
}

impl Stream for Latency {
    fn is_hit(&self, generator: &mut Generator) -> bool {
        let mut tracks = [Latencies::default(), Latencies::default()];
        let mut look = 1;
        for unit in 1..=self.units {
            self.add_unit(&mut tracks, generator);
            if unit < self.looks.units(look, self.units) {
                continue;
            }
            look += 1;
            let Ok(found) = compare_latencies(&tracks[0], &tracks[1], &self.test) else {
                continue;
            };
            let outside = found.lift_lower.is_some_and(|lower| lower > self.excluded)
                || found.lift_upper.is_some_and(|upper| upper < self.excluded);
            if found.enough && (outside || self.looks.once) {
                return outside;
            }
        }
        false
    }

    fn units(&self) -> u64 {
        // A unit is several requests.
        4 * self.units
    }
}

impl Durations {
    fn new(text: &str) -> Result<Self, String> {
        let unknown = || format!("what latency is {text:?}?");
        if text.starts_with("ln ms = ln ") {
            let numbers: Vec<f64> = text.split('+').filter_map(text::first).collect();
            let [median, unit, request] = numbers[..] else {
                return Err(unknown());
            };
            return Ok(Self::Lognormal {
                median,
                unit,
                request,
            });
        }
        let slow = text::arguments(text, "beta").ok_or_else(unknown)?;
        let mode = |word: &str| {
            let (_, rest) = text.split_once(word)?;
            Some([text::first(rest)?.ln(), text::after(rest, "+")?])
        };
        let of = [
            mode(": ln ").ok_or_else(unknown)?,
            mode("else ln ").ok_or_else(unknown)?,
        ];
        let slow = slow.try_into().map_err(|_| unknown())?;
        Ok(Self::Modes { slow, of })
    }

    /// What all requests of a unit have in common.
    fn of_unit(&self, generator: &mut Generator) -> f64 {
        match self {
            Self::Lognormal { unit, .. } => unit * generator.normal(),
            Self::Modes { slow: [a, b], .. } => generator.beta(*a, *b),
        }
    }

    fn draw(&self, of_unit: f64, generator: &mut Generator) -> f64 {
        match self {
            Self::Lognormal {
                median, request, ..
            } => median * (of_unit + request * generator.normal()).exp(),
            Self::Modes { of, .. } => {
                let [median, deviation] = of[usize::from(!generator.chance(of_unit))];
                (median + deviation * generator.normal()).exp()
            }
        }
    }
}

impl Requests {
    fn new(text: &str) -> Result<Self, String> {
        let unknown = || format!("what requests are {text:?}?");
        if text.starts_with("geometric") {
            let mean = text::first(text).ok_or_else(unknown)?;
            return Ok(Self::Geometric { mean });
        }
        let parameters = text::arguments(text, "lognormal").ok_or_else(unknown)?;
        let ([mu, sigma], Some(most)) = (&parameters[..], text::after(text, ")),")) else {
            return Err(unknown());
        };
        Ok(Self::Lognormal {
            mu: *mu,
            sigma: *sigma,
            most,
        })
    }

    fn draw(&self, generator: &mut Generator) -> u64 {
        match self {
            Self::Geometric { mean } => generator.geometric(1.0 / mean),
            Self::Lognormal { mu, sigma, most } => {
                (mu + sigma * generator.normal()).exp().ceil().min(*most) as u64
            }
        }
    }
}
