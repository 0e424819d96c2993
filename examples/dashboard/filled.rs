//! A store with sets in every state, made up and always the same.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tower_tracks::{
    Goal, Key, Metric, MultiTrackSet, Plan, SimpleTrackSet, Units,
    assign::Set,
    store::{
        Batch, ConversionRow, DefinitionRow, ExposureRow, LossRow, PhaseName, RequestSums, Store,
        SumRow, Timestamp, TrackName, WriterRow,
    },
};

const DAY: Duration = Duration::from_secs(86_400);

/// The secret of the units in it.
pub(crate) const SECRET: &str = "everybody knows this dashboard";

/// What is made up about a set.
struct Story {
    sets: MultiTrackSet,
    units: u32,
    days: u32,
    /// The goal. Each set has visitors and a goal of its own.
    goal: &'static str,
    /// The rate of the goal, by track.
    rates: &'static [(&'static str, f64)],
    /// The share of the first track's units that get lost.
    lost: f64,
    /// Something that nobody wants, and its rate beside control.
    harm: Option<(&'static str, f64)>,
}

/// Fills a store with sets that run since some weeks.
pub(crate) fn fill(store: &dyn Store, now: Timestamp) -> Result<(), Box<dyn std::error::Error>> {
    for (index, story) in stories()?.iter().enumerate() {
        store.write(&story.told(index as u64, now)?)?;
    }
    Ok(())
}

/// The sets that a layer of the same program has.
pub(crate) fn pricing() -> Result<MultiTrackSet, tower_tracks::DefinitionError> {
    SimpleTrackSet::new("pricing")
        .track("cheap", ())
        .track("expensive", ())
        .plan(
            plan(
                "purchase",
                "a coconut that costs a little less is bought more often",
            )
            .owner("Ann")
            .exploratory(Metric::value("purchase").cap(200.0).lookback(28 * DAY))
            .guardrail(Metric::count("complaint").less_is_better())
            .units(40_000),
        )
        .build()
}

fn plan(goal: &'static str, hypothesis: &'static str) -> Plan {
    let plan = Plan::default().hypothesis(hypothesis);
    plan.primary(Metric::rate(goal))
}

fn stories() -> Result<Vec<Story>, tower_tracks::DefinitionError> {
    let set = |name: &str, track: &str| SimpleTrackSet::new(name.to_owned()).track(track, ());
    Ok(vec![
        Story {
            sets: pricing()?,
            units: 60_000,
            days: 24,
            goal: "purchase",
            rates: &[("control", 0.10), ("cheap", 0.116), ("expensive", 0.091)],
            lost: 0.0,
            harm: Some(("complaint", 0.01)),
        },
        Story {
            sets: set("delay", "long")
                .plan(plan(
                    "order",
                    "<script>alert('a hypothesis')</script> & visitors who wait leave",
                ))
                .build()?,
            units: 20_000,
            days: 17,
            goal: "order",
            rates: &[("control", 0.10), ("long", 0.07)],
            lost: 0.0,
            harm: None,
        },
        Story {
            sets: set("banner", "free_delivery")
                .plan(plan("signup", ""))
                .build()?,
            units: 9_000,
            days: 12,
            goal: "signup",
            rates: &[("control", 0.10), ("free_delivery", 0.10)],
            lost: 0.25,
            harm: None,
        },
        Story {
            sets: set("search", "fuzzy")
                .plan(plan("find", "who looks less finds more"))
                .build()?,
            units: 12_000,
            days: 20,
            goal: "find",
            rates: &[("control", 0.10), ("fuzzy", 0.101)],
            lost: 0.0,
            harm: None,
        },
        Story {
            sets: set("search", "fuzzy")
                .phase(2)
                .plan(plan("find", "who looks less finds more"))
                .build()?,
            units: 7_000,
            days: 9,
            goal: "find",
            rates: &[("control", 0.10), ("fuzzy", 0.102)],
            lost: 0.0,
            harm: None,
        },
        Story {
            sets: set("checkout", "one_page")
                .plan(
                    Plan::default()
                        .hypothesis("who pays on one page leaves less often")
                        .primary(Metric::rate("payment").margin(0.02))
                        .owner("Bob")
                        .guardrail(Metric::rate("refund").less_is_better()),
                )
                .build()?,
            units: 30_000,
            days: 21,
            goal: "payment",
            rates: &[("control", 0.10), ("one_page", 0.12)],
            lost: 0.0,
            harm: Some(("refund", 0.03)),
        },
        Story {
            sets: set("onboarding", "short")
                .plan(plan("activation", ""))
                .build()?,
            units: 80,
            days: 3,
            goal: "activation",
            rates: &[("control", 0.2), ("short", 0.2)],
            lost: 0.0,
            harm: None,
        },
    ])
}

impl Story {
    fn told(&self, seed: u64, now: Timestamp) -> Result<Batch, Box<dyn std::error::Error>> {
        let mut told = Told::new(seed, now);
        let set = self.sets.sets().next().ok_or("a group without a set")?;
        told.define(set, self.days);
        for index in 0..self.units {
            let key = format!("visitor {index} of {}", set.name());
            let choice = self.sets.assign(Key::from(&*key), &());
            let (Some(track), Some(coin)) = (choice.track(), choice.coin()) else {
                continue;
            };
            let rate = self.rates.iter().find(|(name, _)| *name == track);
            let rate = rate.map_or(0.0, |(_, rate)| *rate);
            let is_first = track == self.rates[0].0;
            if !(is_first && told.random() < self.lost) {
                let after = DAY.mul_f64(f64::from(self.days) * told.random());
                told.visit(&key, (track, coin), after, (self.goal, rate))?;
                if let Some((goal, rate)) = self.harm {
                    let rate = if track == "control" { 0.01 } else { rate };
                    told.harm(&key, after, (goal, rate))?;
                }
            }
        }
        Ok(told.batch())
    }
}

/// A batch in the making.
struct Told {
    batch: Batch,
    tracks: BTreeMap<Arc<str>, u32>,
    sums: BTreeMap<(u32, u16), RequestSums>,
    start: Timestamp,
    now: Timestamp,
    writer: u32,
    state: u64,
}

impl Told {
    fn new(seed: u64, now: Timestamp) -> Self {
        let mut batch = Batch::default();
        let writer = batch.writer(&WriterRow::new([seed as u8; 16], now).node("demo"));
        Self {
            batch,
            tracks: BTreeMap::new(),
            sums: BTreeMap::new(),
            start: now,
            now,
            writer,
            state: seed + 1,
        }
    }

    fn define(&mut self, set: &Set, days: u32) {
        self.start = self.now.minus(DAY * days);
        let phase = self.batch.phase(&PhaseName::of(set));
        for track in set.tracks() {
            let index = self.batch.track(&TrackName::of(set, track));
            self.tracks.insert(track.name().into(), index);
        }
        let fingerprint = *set.fingerprint().as_bytes();
        let json = serde_json::to_string(set).unwrap_or_default().into();
        let definition = DefinitionRow::new(phase, fingerprint, json, self.start);
        self.batch.definitions.push(definition);
        let loss = LossRow::new(self.writer, "store".into(), "queue-full".into(), 3).track(0);
        self.batch.losses.push(loss);
    }

    fn visit(
        &mut self,
        key: &str,
        (track, coin): (&str, bool),
        after: Duration,
        (goal, rate): (&str, f64),
    ) -> Result<(), Box<dyn std::error::Error>> {
        let unit = Units::pseudonym(SECRET)?.unit("visitor", &Key::from(key));
        let (track, first_at) = (self.tracks[track], self.start.plus(after));
        let mut exposure = ExposureRow::new(track, unit, first_at, self.writer).coin(coin);
        let [spread, usual, days, ..] = unit.to_bytes();
        let device = if spread < 150 { "mobile" } else { "desktop" };
        exposure.segment = Some(self.batch.segment(&device.into()));
        self.batch.exposures.push(exposure);
        // Some have bought before, and spend as they did then.
        let is_known = usual < 80;
        if is_known {
            let before = self.start.minus(DAY * (1 + u32::from(days) % 3));
            let (goal, value) = (self.batch.goal(&Goal::new(goal)?), 60_000_000);
            let before = ConversionRow::new(goal, unit, [1; 16], before, self.writer);
            self.batch.conversions.push(before.value(value));
        }
        self.requests(track, unit.to_bytes());
        if self.random() < rate {
            let value = 20_000_000 + (self.random() * 60_000_000.0) as i64;
            let value = if is_known { 2 * value } else { value };
            self.reach(goal, unit, first_at, value)?;
        }
        Ok(())
    }

    fn harm(
        &mut self,
        key: &str,
        after: Duration,
        (goal, rate): (&str, f64),
    ) -> Result<(), Box<dyn std::error::Error>> {
        if self.random() < rate {
            let unit = Units::pseudonym(SECRET)?.unit("visitor", &Key::from(key));
            self.reach(goal, unit, self.start.plus(after), 0)?;
        }
        Ok(())
    }

    fn reach(
        &mut self,
        goal: &str,
        unit: tower_tracks::unit::Unit,
        after: Timestamp,
        value: i64,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let at = after.plus(Duration::from_secs_f64(60.0 + self.random() * 86_400.0));
        let goal = self.batch.goal(&Goal::new(goal)?);
        let (idem, at) = (unit.to_bytes(), at.min(self.now));
        let conversion = ConversionRow::new(goal, unit, idem, at, self.writer).value(value);
        self.batch.conversions.push(conversion);
        Ok(())
    }

    fn requests(&mut self, track: u32, unit: [u8; 16]) {
        let bucket = u16::from_be_bytes([unit[0], unit[1]]) % 1024;
        let took = 40_000 + (self.random() * 60_000.0) as u64;
        let failed = self.random() < 0.01;
        let sums = self.sums.entry((track, bucket)).or_default();
        sums.requests += 1;
        sums.errors += u64::from(failed);
        sums.duration_us += took;
        sums.duration_us_sq += u128::from(took) * u128::from(took);
    }

    fn batch(mut self) -> Batch {
        let writer = self.writer;
        let row = |((track, bucket), sums)| SumRow::new(track, bucket, writer, sums);
        self.batch.sums.extend(self.sums.into_iter().map(row));
        self.batch
    }

    /// A number between 0 and 1 (SplitMix64).
    fn random(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
    }
}
