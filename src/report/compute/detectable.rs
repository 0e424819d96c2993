//! The smallest effect that a track's number of units detects.

use crate::{
    report::Detectable,
    stats::{Comparison, Counted, NoAnswer, PowerAnalysis},
};

use super::goals::value;

/// Returns the smallest effect that is detected between control and a track with their present
/// numbers of units with a probability of 80%, by the test that reads the goal. `always_valid` is
/// the analysis for a test that is valid at every look.
pub(super) fn smallest(
    always_valid: &PowerAnalysis,
    control: &Counted,
    track: &Counted,
    comparison: &Comparison,
) -> Result<Detectable, NoAnswer> {
    let baseline = value(control)?;
    let (rows, of_control) = (rows(track), rows(control));
    // The sizes of the tracks are divided by this below.
    if rows == 0.0 {
        return Err(NoAnswer::NoUnits);
    }
    let plan = match comparison.always_valid {
        true => always_valid.units_per_row(comparison.units as f64 / (rows + of_control)),
        // The level of a look counts the comparisons already.
        false => PowerAnalysis::fixed(comparison.alpha),
    };
    let plan = plan.control_per_track(of_control / rows);
    let difference = match (control, track) {
        (Counted::Rate(_), Counted::Rate(_)) => plan.detectable_rate(baseline, rows)?,
        _ => {
            let left = 1.0
                - comparison
                    .unadjusted
                    .map_or(0.0, |plain| plain.variance_reduction);
            let [control, track] = [control, track].map(deviation);
            plan.detectable_mean(control? * left.sqrt(), track? * left.sqrt(), rows)?
        }
    };
    let lift = difference / baseline;
    Ok(Detectable {
        difference,
        lift: Some(lift).filter(|lift| baseline > 0.0 && lift.is_finite()),
    })
}

/// Returns the number of observations of which the spread is measured: units, or buckets of units
/// for requests.
fn rows(counted: &Counted) -> f64 {
    match counted {
        Counted::Ratio(ratio) => ratio.rows as f64,
        counted => counted.units() as f64,
    }
}

/// Returns the standard deviation of an observation. A rate has none of its own.
pub(super) fn deviation(counted: &Counted) -> Result<f64, NoAnswer> {
    match counted {
        Counted::Mean(mean) => Ok(mean.variance.sqrt()),
        Counted::Covaried(covaried) => Ok(covaried.value.variance.sqrt()),
        Counted::Ratio(ratio) => Ok(ratio.variance()?.sqrt()),
        Counted::Rate(_) => Err(NoAnswer::Mixed),
    }
}
