use serde_json::Value;
use tower_tracks::stats::{Counted, Missing, Rate, Test, TrackCounts, boundaries, pooled_z};

use super::{Generator, Stream, test::always_valid, text};

/// Units that come in day by day and convert later, looked at at midnight.
///
/// Both tracks convert at the same rate in the end; one of them takes longer.
pub(super) struct Delay {
    pub(super) rate: f64,
    pub(super) share: f64,
    /// The mean of the days until a conversion, by track.
    pub(super) mean_days: [f64; 2],
    pub(super) window: u64,
    pub(super) per_day: u64,
    pub(super) days: u64,
    pub(super) midnights: u64,
    /// Whether only the units count whose window is over.
    pub(super) closed: bool,
    pub(super) reading: Reading,
}

/// How midnights are judged.
pub(super) enum Reading {
    AlwaysValid(Test),
    /// By the boundaries of a plan for all units.
    Plan {
        alpha: f64,
    },
}

impl Delay {
    pub(super) fn new(case: &Value) -> Result<Self, String> {
        let (input, event) = (&case["input"], case["event"].as_str().unwrap_or_default());
        let number = |name: &str| input[name].as_f64().ok_or_else(|| format!("what {name}?"));
        let word = |name: &str| input[name].as_str().ok_or_else(|| format!("what {name}?"));
        let delay = |track: usize| {
            input["mean_delay_days"][track]
                .as_f64()
                .ok_or("what delay?")
        };
        let (exposures, alpha) = (word("exposures")?, number("alpha")?);
        let data = word("data")?;
        let closed = data.contains("end + window <= midnight") || data.starts_with("the same");
        Ok(Self {
            rate: number("rate")?,
            share: number("share")?,
            mean_days: [delay(0)?, delay(1)?],
            window: number("window_days")? as u64,
            per_day: text::first(exposures).ok_or("how many a day?")? as u64,
            days: text::after(exposures, "for").ok_or("how many days?")? as u64,
            midnights: text::after(word("looks")?, "to").ok_or("which midnights?")? as u64,
            closed,
            reading: if event.starts_with("always-valid p") {
                let tuned_for = input["n_star"].as_f64().unwrap_or(10_000.0);
                Reading::AlwaysValid(always_valid(alpha, tuned_for as u64)?)
            } else if event.starts_with("|z| >= boundary") {
                Reading::Plan { alpha }
            } else {
                return Err(format!("what is {event:?}?"));
            },
        })
    }

    /// The units of a day by track, and when those convert that do.
    fn draw(&self, day: u64, generator: &mut Generator) -> Vec<Unit> {
        let unit = |index: u64, generator: &mut Generator| {
            let track = usize::from(generator.chance(self.share));
            let first_at = day as f64 + index as f64 / self.per_day as f64;
            let converts = generator.chance(self.rate);
            let at = first_at + self.delay(self.mean_days[track], generator);
            Unit {
                track,
                first_at,
                converted_at: converts.then_some(at),
            }
        };
        (0..self.per_day)
            .map(|index| unit(index, generator))
            .collect()
    }

    /// An exponential delay, cut at the window.
    fn delay(&self, mean: f64, generator: &mut Generator) -> f64 {
        let inside = 1.0 - (-(self.window as f64) / mean).exp();
        -mean * (1.0 - generator.uniform() * inside).ln()
    }

    /// The data at a midnight of the units that count.
    fn seen(&self, units: &[Vec<Unit>], midnight: u64) -> [Rate; 2] {
        let mut seen = [Rate::default(); 2];
        let days = if self.closed {
            (midnight + 1).saturating_sub(self.window + 1)
        } else {
            midnight
        };
        for unit in units.iter().take(days.min(self.days) as usize).flatten() {
            seen[unit.track].units += 1;
            let end = (midnight as f64).min(unit.first_at + self.window as f64);
            let converted = unit.converted_at.is_some_and(|at| at < end);
            seen[unit.track].converters += u64::from(converted);
        }
        seen
    }
}

struct Unit {
    track: usize,
    first_at: f64,
    converted_at: Option<f64>,
}

impl Stream for Delay {
    fn is_hit(&self, generator: &mut Generator) -> bool {
        let units: Vec<_> = (0..self.days)
            .map(|day| self.draw(day, generator))
            .collect();
        let mut looks: Vec<[Rate; 2]> = (1..=self.midnights)
            .map(|midnight| self.seen(&units, midnight))
            .collect();
        let count = |seen: &[Rate; 2]| seen[0].units + seen[1].units;
        looks.retain(|seen| count(seen) > 0);
        if self.closed {
            // A midnight without a unit that was closed since the last is no look.
            looks.dedup_by_key(|seen| count(seen));
        }
        let planned = (self.per_day * self.days) as f64;
        let tests: Vec<Option<Test>> = match &self.reading {
            Reading::AlwaysValid(test) => vec![Some(*test); looks.len()],
            Reading::Plan { alpha } => {
                let information: Vec<f64> = looks
                    .iter()
                    .map(|seen| count(seen) as f64 / planned)
                    .collect();
                let found = boundaries(*alpha, &information).unwrap();
                found
                    .into_iter()
                    .map(|c| Test::at_boundary(c).ok())
                    .collect()
            }
        };
        looks
            .iter()
            .zip(tests)
            .any(|(seen, test)| test.is_some_and(|test| differs(seen, &test)))
    }

    fn units(&self) -> u64 {
        self.per_day * self.days
    }
}

fn differs([control, track]: &[Rate; 2], test: &Test) -> bool {
    let cell = |rate: &Rate| TrackCounts::from(Counted::Rate(*rate));
    if Missing::of(&cell(control), &cell(track)).is_some() {
        return false;
    }
    let z = pooled_z(control, track).unwrap();
    test.p(z, control.units + track.units) <= test.alpha()
}

/// All units so far, as of now: what only takes longer seems to be worse.
#[test]
fn open_windows_mislead() {
    let mut delay = Delay {
        rate: 0.1,
        share: 0.5,
        mean_days: [1.0, 5.0],
        window: 7,
        per_day: 1000,
        days: 14,
        midnights: 21,
        closed: false,
        reading: Reading::AlwaysValid(always_valid(0.05, 10_000).unwrap()),
    };
    let runs = |delay: &Delay| {
        let mut generator = Generator::new(7);
        (0..5).filter(|_| delay.is_hit(&mut generator)).count()
    };
    assert!(runs(&delay) >= 4);
    delay.closed = true;
    assert_eq!(runs(&delay), 0);
}
