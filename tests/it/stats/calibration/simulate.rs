use tower_tracks::stats::{
    CONCENTRATION, Headcount, Mean, Mode, Normal, Rate, Test, compare_means, pearson, pooled_z,
    ratio_evidence, ratio_p,
};

use super::{
    Generator,
    scenario::{Event, Looks, Scenario, Stream},
};

/// Runs a stream once; whether the event came.
pub(super) fn is_hit(scenario: &Scenario, generator: &mut Generator) -> bool {
    let judge = Judge::new(scenario);
    let mut seen = Seen::default();
    let every = match scenario.looks {
        Looks::Every(every) => every,
        Looks::AtTheEnd => scenario.units,
    };
    let mut next = every;
    for unit in 1..=scenario.units {
        seen.draw(&scenario.stream, generator);
        if unit != next && unit != scenario.units {
            continue;
        }
        if unit == next {
            next += every;
        }
        if seen.may_be_looked_at(scenario) && judge.is_hit(&seen, unit) {
            return true;
        }
    }
    false
}

/// What was seen so far, control first.
#[derive(Default)]
struct Seen {
    rates: [Rate; 2],
    sums: [f64; 2],
    squares: [f64; 2],
}

impl Seen {
    fn draw(&mut self, stream: &Stream, generator: &mut Generator) {
        let track = usize::from(generator.bits() >> 63 == 1);
        self.rates[track].units += 1;
        let converts = match stream {
            Stream::Rates(rates) => generator.chance(rates[track]),
            Stream::Revenue => generator.chance(0.05),
            Stream::Counts { .. } => return,
        };
        self.rates[track].converters += u64::from(converts);
        if converts && matches!(stream, Stream::Revenue) {
            let value = (3.0 + 1.3 * generator.normal()).exp();
            self.sums[track] += value;
            self.squares[track] += value * value;
        }
    }

    fn may_be_looked_at(&self, scenario: &Scenario) -> bool {
        let gate = &scenario.gate;
        let total: u64 = self.rates.iter().map(|rate| rate.units).sum();
        total >= gate.total
            && self.rates.iter().all(|rate| {
                rate.units >= gate.units
                    && rate.converters >= gate.converters
                    && rate.others() >= gate.others
            })
    }

    fn units(&self) -> u64 {
        self.rates[0].units + self.rates[1].units
    }

    fn mean(&self, track: usize) -> Mean {
        let units = self.rates[track].units;
        Mean::from_sums(units, self.sums[track], self.squares[track]).unwrap()
    }

    fn headcounts(&self) -> [Headcount; 2] {
        self.rates.map(|rate| Headcount {
            weight: 0.5,
            units: rate.units,
        })
    }

    /// The z whose variance is of each rate by itself.
    fn unpooled_z(&self) -> f64 {
        let [control, track] = &self.rates;
        let variance = |rate: &Rate| {
            let value = rate.value().unwrap();
            value * (1.0 - value) / rate.units as f64
        };
        let difference = track.value().unwrap() - control.value().unwrap();
        difference / (variance(control) + variance(track)).sqrt()
    }
}

/// What decides, made once for a stream.
struct Judge<'a> {
    scenario: &'a Scenario,
    sequential: Test,
    fixed: Test,
    plan: Mode,
}

impl<'a> Judge<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        let alpha = match scenario.event {
            Event::Sequential { alpha, .. } | Event::Fixed { alpha } => alpha,
            _ => 0.05,
        };
        let tuned_for = scenario.tuned_for;
        Self {
            scenario,
            sequential: Test::always_valid(alpha).unwrap().tuned_for(tuned_for),
            fixed: Test::fixed(alpha).unwrap(),
            plan: Mode::Planned {
                units: scenario.units,
                tuned_for,
            },
        }
    }

    fn is_hit(&self, seen: &Seen, unit: u64) -> bool {
        match (&self.scenario.event, &self.scenario.stream) {
            (Event::SequentialRatio { alpha }, Stream::Counts { concentration }) => {
                sequential_ratio_p(seen, *concentration) <= *alpha
            }
            (Event::Pearson { alpha }, _) => pearson(&seen.headcounts()).unwrap().p <= *alpha,
            (Event::Sequential { .. }, Stream::Revenue) => self.differ(seen, &self.sequential),
            // Looked at all the time, the difference of t and normal tails does not show.
            (Event::Fixed { .. }, Stream::Revenue) => self.differ(seen, &self.fixed),
            (Event::Sequential { alpha, pooled }, _) => {
                let z = if *pooled { z(seen) } else { seen.unpooled_z() };
                self.sequential.p(z, unit) <= *alpha
            }
            (Event::Fixed { alpha }, _) => self.fixed.p(z(seen), unit) <= *alpha,
            (Event::Chance(bound), _) => {
                let chance = Normal.cdf(z(seen)).unwrap();
                chance > *bound || chance < 1.0 - bound
            }
            (Event::Planned, _) => {
                let test = self.plan.test(0.05, unit).unwrap();
                test.p(z(seen), unit) <= test.alpha()
            }
            (Event::SequentialRatio { .. }, _) => unreachable!("a ratio is of counts"),
        }
    }

    /// Whether the means differ. The t quantile is slow, and far from it nothing depends on it.
    fn differ(&self, seen: &Seen, test: &Test) -> bool {
        let [control, track] = [seen.mean(0), seen.mean(1)];
        let error = |mean: &Mean| mean.variance / mean.units as f64;
        let z = (track.mean - control.mean) / (error(&control) + error(&track)).sqrt();
        z.abs() > 0.98 * test.multiplier(seen.units())
            && compare_means(&control, &track, test)
                .unwrap()
                .is_significant()
    }
}

fn z(seen: &Seen) -> f64 {
    let [control, track] = &seen.rates;
    pooled_z(control, track).unwrap()
}

fn sequential_ratio_p(seen: &Seen, concentration: f64) -> f64 {
    let tracks = seen.headcounts();
    if concentration == CONCENTRATION {
        return ratio_p(&tracks).unwrap();
    }
    (-ratio_evidence(&tracks, concentration).unwrap())
        .exp()
        .min(1.0)
}
