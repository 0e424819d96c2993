use serde_json::Value;

/// A stream of units and the looks at it.
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) stream: Stream,
    pub(super) units: u64,
    pub(super) looks: Looks,
    pub(super) gate: Gate,
    pub(super) event: Event,
    pub(super) tuned_for: u64,
}

/// What units are like.
#[derive(Debug)]
pub(super) enum Stream {
    /// The rates of control and track.
    Rates([f64; 2]),
    /// 5 % pay, lognormally.
    Revenue,
    /// They are in tracks as configured.
    Counts { concentration: f64 },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Looks {
    /// After so many units, and then after as many again, and at the end.
    Every(u64),
    AtTheEnd,
}

/// What each track has before the first look.
#[derive(Debug, Default)]
pub(super) struct Gate {
    pub(super) units: u64,
    pub(super) converters: u64,
    pub(super) others: u64,
    /// All tracks together.
    pub(super) total: u64,
}

/// What makes a run a hit.
#[derive(Debug)]
pub(super) enum Event {
    Sequential {
        alpha: f64,
        pooled: bool,
    },
    Fixed {
        alpha: f64,
    },
    /// The chance to beat control is beyond this, or below the rest.
    Chance(f64),
    /// At a fifth of alpha before the plan, at the rest of it then.
    Planned,
    SequentialRatio {
        alpha: f64,
    },
    Pearson {
        alpha: f64,
    },
}

impl Scenario {
    pub(super) fn new(case: &Value) -> Result<Self, String> {
        let input = &case["input"];
        let number = |name: &str| input[name].as_f64();
        let looks = input["looks"].as_str().ok_or("no looks")?;
        let event = case["event"].as_str().ok_or("no event")?;
        let units = units(input, looks)?;
        Ok(Self {
            stream: stream(input)?,
            units,
            looks: looks_of(looks, units, event)?,
            gate: gate(input, looks)?,
            event: event_of(event, input["test"] == "srm")?,
            tuned_for: number("n_star").unwrap_or(10_000.0) as u64,
        })
    }
}

fn stream(input: &Value) -> Result<Stream, String> {
    let number = |name: &str| input[name].as_f64();
    if input["test"] == "srm" {
        let even = input["weights"] == serde_json::json!([0.5, 0.5]);
        let concentration = number("concentration").filter(|_| even);
        let concentration = concentration.ok_or("only even weights are simulated")?;
        return Ok(Stream::Counts { concentration });
    }
    if let Some(values) = input["per_user"].as_str() {
        let known = values == "0.05 probability of lognormal(mu=3.0, sigma=1.3), else 0";
        return known
            .then_some(Stream::Revenue)
            .ok_or_else(|| values.to_owned());
    }
    match (
        number("rate"),
        number("rate_control"),
        number("rate_treatment"),
    ) {
        (Some(rate), None, None) => Ok(Stream::Rates([rate, rate])),
        (None, Some(control), Some(track)) => Ok(Stream::Rates([control, track])),
        _ => Err("what stream is that?".to_owned()),
    }
}

fn units(input: &Value, looks: &str) -> Result<u64, String> {
    let names = ["users", "fixed_horizon_total_users", "planned_total_users"];
    let units = names.iter().find_map(|name| input[name].as_u64());
    let times = if looks.contains("3 x") { 3 } else { 1 };
    units
        .map(|units| units * times)
        .ok_or_else(|| "how many units?".to_owned())
}

fn looks_of(looks: &str, units: u64, event: &str) -> Result<Looks, String> {
    if looks.starts_with("one, at") || event.contains("no early looks") {
        Ok(Looks::AtTheEnd)
    } else if looks.starts_with("after every user") {
        Ok(Looks::Every(1))
    } else if let Some(rest) = looks.strip_prefix("every ") {
        let every = rest.split(' ').next().and_then(|every| every.parse().ok());
        every.map(Looks::Every).ok_or_else(|| looks.to_owned())
    } else if let Some(count) = looks.strip_suffix(" equally spaced") {
        let count: u64 = count.parse().map_err(|_| looks.to_owned())?;
        Ok(Looks::Every(units / count))
    } else {
        Err(format!("what looks are {looks:?}?"))
    }
}

fn gate(input: &Value, looks: &str) -> Result<Gate, String> {
    let gate = |units, converters, others| Gate {
        units,
        converters,
        others,
        total: if looks.contains("from user 11") {
            11
        } else {
            0
        },
    };
    match input["gate"].as_str() {
        None if input["test"] == "srm" => Ok(gate(0, 0, 0)),
        None | Some("each arm >= 2 users") => Ok(gate(2, 0, 0)),
        Some("each arm has one converter and one non-converter") => Ok(gate(2, 1, 1)),
        Some("each arm >= 100 users and >= 10 converters") => Ok(gate(100, 10, 0)),
        Some("each arm >= 100 users and >= 10 non-zero values") => Ok(gate(100, 10, 0)),
        Some(
            "start looking once each arm has >= 100 users, >= 10 converters and >= 10 \
             non-converters",
        ) => Ok(gate(100, 10, 10)),
        Some(other) => Err(format!("what gate is {other:?}?")),
    }
}

fn event_of(event: &str, ratio: bool) -> Result<Event, String> {
    let alpha = event
        .split("<= ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next()?.parse().ok());
    let alpha = alpha.ok_or_else(|| format!("at which level is {event:?}?"));
    if event.starts_with("sequential p") && ratio {
        Ok(Event::SequentialRatio { alpha: alpha? })
    } else if event.starts_with("sequential p") {
        let pooled = !event.contains("unpooled");
        Ok(Event::Sequential {
            alpha: alpha?,
            pooled,
        })
    } else if event.starts_with("chi-square p") {
        Ok(Event::Pearson { alpha: alpha? })
    } else if event.starts_with("fixed-horizon p") {
        Ok(Event::Fixed { alpha: alpha? })
    } else if event.starts_with("P(beats control) > 0.95 or < 0.05") {
        Ok(Event::Chance(0.95))
    } else if event == "significant at any look or at the plan" {
        Ok(Event::Planned)
    } else {
        Err(format!("what is {event:?}?"))
    }
}
