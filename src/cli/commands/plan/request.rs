use crate::{
    cli::{
        answer::Answer,
        failure::Failure,
        inputs::{portion, share},
        session::Session,
    },
    stats::{NoAnswer, PowerAnalysis, Size},
};

use super::{
    planned::{Needed, Planned},
    recorded::Recorded,
};

#[derive(Debug, Clone, clap::Args)]
#[command(group = clap::ArgGroup::new("measure").required(true).args(["rate", "mean", "like"]))]
#[command(group = clap::ArgGroup::new("asked").required(true).args(["effect", "lift", "units"]))]
pub(in crate::cli) struct Args {
    /// The rate of control, such as 10% or 0.1
    #[arg(long, value_parser = share)]
    rate: Option<f64>,

    /// The mean value of a unit in control
    #[arg(long, requires = "deviation")]
    mean: Option<f64>,

    /// The standard deviation of the value of a unit
    #[arg(long, value_name = "NUMBER")]
    deviation: Option<f64>,

    /// A recorded set: its control has the rate or the mean, and its report the deviation and the units per day
    #[arg(long, value_name = "SET")]
    like: Option<String>,

    /// The goal of this set, as the report names it; defaults to its primary goal
    #[arg(long, value_name = "GOAL", requires = "like")]
    goal: Option<String>,

    /// The difference to detect: with a rate of 10%, 1% means 11% instead of 10%
    #[arg(long, value_parser = portion, allow_hyphen_values = true)]
    effect: Option<f64>,

    /// The difference to detect, relative to control: with a rate of 10%, 10% means 11% instead of 10%
    #[arg(long, value_parser = lift, allow_hyphen_values = true)]
    lift: Option<f64>,

    /// Prints the effect that this number of units detects, over all tracks together
    #[arg(long, value_name = "NUMBER")]
    units: Option<u64>,

    /// The probability of detecting the effect
    #[arg(long, value_parser = share, default_value = "80%")]
    power: f64,

    /// The probability of a false positive
    #[arg(long, value_parser = share, default_value = "5%")]
    alpha: f64,

    /// The weights of the tracks, control first
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "1,1",
        value_name = "NUMBERS"
    )]
    weights: Vec<u64>,

    /// The number of looks of the plan, one each midnight
    #[arg(long, value_name = "NUMBER", default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=1000))]
    looks: u32,

    /// The expected number of units of two tracks, without a plan
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000)]
    expected: u64,

    /// The number of new units per day, in all tracks together
    #[arg(long, value_name = "NUMBER")]
    daily: Option<f64>,

    /// The number of days that the last unit has to reach the goal
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    window: u32,
}

/// Runs `plan`: computes the units that an effect needs, or the effect that units detect. It needs
/// a store only for what was recorded.
pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let (recorded, args) = match &args.like {
        Some(set) => {
            let recorded = Recorded::of(set, args.goal.as_deref(), session)?;
            let args = args.with(&recorded);
            (Some(recorded), args)
        }
        None => (None, args.clone()),
    };
    let sound = args.weights.len() >= 2 && args.weights.iter().all(|weight| *weight > 0);
    if !sound {
        let message = "--weights has at least two weights above 0, control's first";
        return Err(Failure::usage(message));
    }
    // Of a rate, 1 would be 100 percentage points, so a percentage without its sign was meant.
    if let Some(effect) = args
        .effect
        .filter(|effect| args.rate.is_some() && effect.abs() >= 1.0)
    {
        let percent = effect / 100.0;
        let message = format!("--effect of a rate is below 1; write {effect}% or {percent}");
        return Err(Failure::usage(message));
    }
    Answer::of(&Planned {
        recorded,
        by_the_plan: args.needed(PowerAnalysis::group_sequential(args.alpha, args.looks))?,
        at_every_look: args.needed(PowerAnalysis::always_valid(args.alpha, args.expected))?,
        looks: args.looks,
        tracks: args.weights.len(),
        power: args.power,
        is_rate: args.rate.is_some(),
        is_even: args.weights.iter().all(|weight| *weight == args.weights[0]),
    })
}

impl Args {
    /// Fills in what was recorded. What was given counts.
    fn with(&self, recorded: &Recorded) -> Self {
        let (rate, mean) = match recorded.deviation {
            None => (Some(recorded.value), None),
            Some(_) => (None, Some(recorded.value)),
        };
        Self {
            rate,
            mean,
            deviation: self.deviation.or(recorded.deviation),
            daily: self.daily.or(Some(recorded.daily)),
            window: self.window.max(recorded.window_days()),
            ..self.clone()
        }
    }

    /// Computes the units or the effect by one method. The smallest track decides: it has the
    /// fewest units, and the others follow by weight.
    fn needed(&self, plan: PowerAnalysis) -> Result<Needed, Failure> {
        let (smallest, all) = (self.smallest(), self.weights.iter().sum::<u64>() as f64);
        let plan = plan
            .power(self.power)
            .control_per_track(self.weights[0] as f64 / smallest)
            .among(self.weights.len() as u32 - 1);
        let (track, difference) = match self.units {
            Some(units) => {
                let track = units as f64 * smallest / all;
                (track, self.detectable(&plan, track)?)
            }
            None => (self.size(&plan)?.track(), self.difference()),
        };
        let units = (track * all / smallest).ceil();
        Ok(Needed {
            units: units as u64,
            control: (track * self.weights[0] as f64 / smallest).ceil() as u64,
            smallest_track: track.ceil() as u64,
            difference,
            lift: Some(difference / self.base()).filter(|lift| lift.is_finite()),
            days: self.days(units)?,
        })
    }

    /// Returns the days for a number of units; `None` without `--daily`.
    fn days(&self, units: f64) -> Result<Option<f64>, Failure> {
        let window = f64::from(self.window);
        match self.daily.map(|daily| (units / daily).ceil() + window) {
            Some(days) if !(days.is_finite() && days > 0.0) => {
                Err(Failure::usage("--daily is a number above 0"))
            }
            days => Ok(days),
        }
    }

    /// Returns the size of the smallest track for the given difference.
    fn size(&self, plan: &PowerAnalysis) -> Result<Size, NoAnswer> {
        match self.rate {
            Some(rate) => plan.for_rate(rate, self.difference()),
            None => plan.for_mean(self.spread(), self.spread(), self.difference()),
        }
    }

    /// Returns the difference that this number of units in the smallest track detects.
    fn detectable(&self, plan: &PowerAnalysis, units: f64) -> Result<f64, NoAnswer> {
        match self.rate {
            Some(rate) => plan.detectable_rate(rate, units),
            None => plan.detectable_mean(self.spread(), self.spread(), units),
        }
    }

    /// Returns the given difference, which may be relative to control.
    fn difference(&self) -> f64 {
        let of_lift = || self.lift.unwrap_or_default() * self.base();
        self.effect.unwrap_or_else(of_lift)
    }

    /// Returns the value of control: the rate or the mean.
    fn base(&self) -> f64 {
        self.rate.or(self.mean).unwrap_or_default()
    }

    /// Returns the standard deviation of a mean. All tracks are assumed to have the same.
    fn spread(&self) -> f64 {
        self.deviation.unwrap_or_default()
    }

    /// The smallest weight of a track other than control, which decides.
    fn smallest(&self) -> f64 {
        let tracks = self.weights.iter().skip(1);
        tracks.min().copied().unwrap_or(1) as f64
    }
}

/// Parses a relative difference. Above 1, it needs a percent sign, because 12 may mean 12% or 1200%.
fn lift(text: &str) -> Result<f64, String> {
    let lift = portion(text)?;
    match lift.abs() >= 1.0 && !text.contains('%') {
        true => Err(format!(
            "write {text}% or {}%, whichever is meant",
            100.0 * lift
        )),
        false => Ok(lift),
    }
}
