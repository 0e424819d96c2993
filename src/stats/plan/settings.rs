use super::design::Design;
use crate::stats::{Mode, NoAnswer, always_valid::AlwaysValid, distribution::upper_quantile};

/// What a test is to promise: alpha, power, and how the units are shared out.
///
/// ```
/// use tower_tracks::stats::{Mode, Plan};
///
/// // How many units does it take to see 10 % become 11 %?
/// let size = Plan::fixed(0.05).for_rate(0.10, 0.01)?;
/// assert_eq!(size.track(), 14_751.0);
///
/// // Whoever wants to look all the time needs about twice as many to be as sure at the end.
/// let size = Plan::of(Mode::default(), 0.05).for_rate(0.10, 0.01)?;
/// assert_eq!(size.total().round(), 60_682.0);
/// assert_eq!(size.days(2000.0)?, 31.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct Plan {
    alpha: f64,
    power: f64,
    control_per_track: f64,
    comparisons: u32,
    /// For how many units it is tuned, if it is to hold at every look.
    tuned_for: Option<u64>,
}

impl Plan {
    /// Makes a plan for one look at the end.
    pub fn fixed(alpha: f64) -> Self {
        Self {
            alpha,
            power: 0.8,
            control_per_track: 1.0,
            comparisons: 1,
            tuned_for: None,
        }
    }

    /// Makes a plan for a mode. That of a planned set is for the look at the plan, at four fifths
    /// of alpha.
    pub fn of(mode: Mode, alpha: f64) -> Self {
        match mode {
            Mode::AlwaysValid { tuned_for } => Self {
                tuned_for: Some(tuned_for),
                ..Self::fixed(alpha)
            },
            Mode::Planned { .. } => Self::fixed(alpha * Mode::LATE),
        }
    }

    /// Sets the probability with which an effect of the planned size is to be found. Defaults to
    /// 0.8.
    pub fn power(mut self, power: f64) -> Self {
        self.power = power;
        self
    }

    /// Sets how many units control has for each unit of the track. Defaults to 1.
    pub fn control_per_track(mut self, control: f64) -> Self {
        self.control_per_track = control;
        self
    }

    /// Sets among how many comparisons with control alpha is shared. Defaults to 1.
    pub fn among(mut self, comparisons: u32) -> Self {
        self.comparisons = comparisons.max(1);
        self
    }

    /// What the settings come to.
    pub(super) fn design(&self) -> Result<Design, NoAnswer> {
        let alphas = 1e-100..=0.5;
        if !alphas.contains(&self.alpha) || !(self.power >= 0.5 && self.power < 1.0) {
            return Err(NoAnswer::Level);
        }
        if !(1e-6..=1e6).contains(&self.control_per_track) {
            return Err(NoAnswer::OutOfRange);
        }
        let alpha = self.alpha / f64::from(self.comparisons);
        Ok(Design {
            alpha,
            critical: upper_quantile(alpha / 2.0),
            power: upper_quantile(1.0 - self.power),
            control_per_track: self.control_per_track,
            boundary: self
                .tuned_for
                .map(|units| AlwaysValid::new(self.alpha, units)),
        })
    }
}
