use super::LiftBounds;

/// The result for a guardrail that may get worse by less than a margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum NonInferiority {
    /// It is worse.
    Worse {
        /// Whether it is worse by less than the margin.
        within_margin: bool,
    },
    /// It is not worse than control by the margin.
    NotWorseThanMargin,
    /// Neither is known yet.
    Unclear,
}

/// Reads the interval of a lift against the margin of a guardrail, 0.02 for 2%.
///
/// Worse if the whole interval is below 0, else not worse than the margin if it is above minus the
/// margin. A limit on a border does not cross it. An interval at `1 − α` makes a
/// non-inferiority test at `α/2`.
///
/// ```
/// use tower_tracks::stats::{Interval, LiftBounds, NonInferiority, Wanted, non_inferiority};
///
/// let interval = Interval { lower: -0.01, upper: 0.02 };
/// let more = LiftBounds::new(interval, false, Wanted::More);
/// assert_eq!(non_inferiority(&more, 0.02), NonInferiority::NotWorseThanMargin);
/// // Of errors, 2% more may be too many.
/// let less = LiftBounds::new(interval, false, Wanted::Less);
/// assert_eq!(non_inferiority(&less, 0.02), NonInferiority::Unclear);
/// ```
///
/// Source: Piaggio, Elbourne, Pocock, Evans & Altman 2012, "Reporting of noninferiority and
/// equivalence randomized trials".
pub fn non_inferiority(lift: &LiftBounds, margin: f64) -> NonInferiority {
    let within_margin = lift.lower > -margin;
    if lift.is_worse() {
        NonInferiority::Worse { within_margin }
    } else if within_margin {
        NonInferiority::NotWorseThanMargin
    } else {
        NonInferiority::Unclear
    }
}
