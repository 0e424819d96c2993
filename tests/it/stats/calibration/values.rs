use serde_json::Value;
use tower_tracks::stats::{Counted, TrackCounts};

use super::{Generator, seen::Seen, text};

/// What a unit does, by its track.
#[derive(Debug, Clone)]
pub(super) enum Values {
    /// The rate of each track, control first.
    Rates(Vec<f64>),
    /// A value with a probability, lognormally distributed, times what is usual in the track.
    Lognormal {
        pay: f64,
        mu: f64,
        sigma: f64,
        times: Vec<f64>,
    },
    /// How many requests of a unit fail, and how many it makes.
    Requests {
        mu: f64,
        sigma: f64,
        most: f64,
        /// The mean share that fails, by track.
        rates: Vec<f64>,
    },
}

impl Values {
    /// Reads what a case says of the values of so many tracks.
    pub(super) fn new(input: &Value, tracks: usize) -> Result<Self, String> {
        let number = |name: &str| input[name].as_f64();
        let lift = number("lift").unwrap_or(0.0);
        if let Some(requests) = input["denominator"].as_str() {
            let failed = input["numerator"].as_str().unwrap_or_default();
            return requests_of(requests, failed, tracks, lift);
        }
        if let Some(sentence) = input["per_user"].as_str() {
            return sentence_of(sentence, tracks, lift);
        }
        if let Some(kind) = input["values"]["type"].as_str() {
            return kind_of(kind, &input["values"], tracks, lift);
        }
        let control = number("rate").or(number("rate_control"));
        let control = control.ok_or("what stream is that?")?;
        let others = number("rate_treatment").unwrap_or(control * (1.0 + lift));
        Ok(Self::Rates(with_control(control, others, tracks)))
    }

    /// The value of one unit, and what it is divided by.
    pub(super) fn draw(&self, track: usize, generator: &mut Generator) -> [f64; 2] {
        match self {
            Self::Requests {
                mu,
                sigma,
                most,
                rates,
            } => {
                let requests = 1.0 + (mu + sigma * generator.normal()).exp().floor().min(*most);
                let share = (rates[track] * generator.exponential()).min(1.0);
                let failed = (0..requests as u64).filter(|_| generator.chance(share));
                [failed.count() as f64, requests]
            }
            _ => [self.value(track, generator), 1.0],
        }
    }

    /// The value of one unit; 0 for most.
    fn value(&self, track: usize, generator: &mut Generator) -> f64 {
        match self {
            Self::Rates(rates) => f64::from(u8::from(generator.chance(rates[track]))),
            Self::Requests { .. } => 0.0,
            Self::Lognormal {
                pay,
                mu,
                sigma,
                times,
            } => {
                if generator.chance(*pay) {
                    (mu + sigma * generator.normal()).exp() * times[track]
                } else {
                    0.0
                }
            }
        }
    }

    /// What was seen of a track, as the crate counts it.
    pub(super) fn cell(&self, seen: &Seen) -> TrackCounts {
        let converters = Some(seen.with_value);
        let cell = |counted: Counted| TrackCounts {
            converters,
            ..counted.into()
        };
        match self {
            Self::Rates(_) => Counted::Rate(seen.rate()).into(),
            Self::Lognormal { .. } => cell(Counted::Mean(seen.mean())),
            Self::Requests { .. } => cell(Counted::Ratio(seen.ratio())),
        }
    }
}

fn sentence_of(sentence: &str, tracks: usize, lift: f64) -> Result<Values, String> {
    let unknown = || format!("what values are {sentence:?}?");
    let parameters = text::arguments(sentence, "lognormal").ok_or_else(unknown)?;
    let (Some(pay), [mu, sigma]) = (text::first(sentence), &parameters[..]) else {
        return Err(unknown());
    };
    let pay = if sentence.contains("probability") {
        pay
    } else {
        1.0
    };
    lognormal(pay, *mu, *sigma, tracks, lift)
}

fn requests_of(requests: &str, failed: &str, tracks: usize, lift: f64) -> Result<Values, String> {
    let unknown = || format!("what requests are {requests:?}, of which {failed:?} fail?");
    let parameters = text::arguments(requests, "lognormal").ok_or_else(unknown)?;
    let ([median, sigma], true) = (&parameters[..], requests.contains("lognormal(ln ")) else {
        return Err(unknown());
    };
    let rate = text::after(failed, "min(1,").ok_or_else(unknown)?;
    Ok(Values::Requests {
        mu: median.ln(),
        sigma: *sigma,
        most: text::after(requests, "))")
            .or(text::after(requests, "),"))
            .ok_or_else(unknown)?,
        rates: with_control(rate, rate * (1.0 + lift), tracks),
    })
}

fn kind_of(kind: &str, values: &Value, tracks: usize, lift: f64) -> Result<Values, String> {
    let number = |name: &str| {
        let number = values[name].as_f64();
        number.ok_or_else(|| format!("{values} has no {name}"))
    };
    match kind {
        "payers" => lognormal(
            number("pay")?,
            number("mu")?,
            number("sigma")?,
            tracks,
            lift,
        ),
        "all" => lognormal(1.0, number("mu")?, number("sigma")?, tracks, lift),
        "rate" => {
            let rate = number("p")?;
            Ok(Values::Rates(with_control(
                rate,
                rate * (1.0 + lift),
                tracks,
            )))
        }
        _ => Err(format!("what values are {kind}?")),
    }
}

fn lognormal(pay: f64, mu: f64, sigma: f64, tracks: usize, lift: f64) -> Result<Values, String> {
    if !(0.0..=1.0).contains(&pay) || sigma < 0.0 {
        return Err("those are no parameters".to_owned());
    }
    Ok(Values::Lognormal {
        pay,
        mu,
        sigma,
        times: with_control(1.0, 1.0 + lift, tracks),
    })
}

fn with_control(control: f64, others: f64, tracks: usize) -> Vec<f64> {
    let of = |track| if track == 0 { control } else { others };
    (0..tracks).map(of).collect()
}
