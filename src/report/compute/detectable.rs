use crate::{
    report::Detectable,
    stats::{Counted, Mode, NoAnswer, Plan, Test},
};

use super::goals::value;

/// Returns the smallest effect that so many units would find in four of five tests, as they are
/// judged now.
pub(super) fn detectable(
    control: &Counted,
    track: &Counted,
    test: &Test,
    comparisons: u32,
) -> Result<Detectable, NoAnswer> {
    let baseline = value(control)?;
    let (rows, of_control) = (rows(track), rows(control));
    if rows == 0.0 {
        return Err(NoAnswer::NoUnits);
    }
    let plan = match test.is_always_valid() {
        true => Plan::of(Mode::default(), test.alpha()),
        false => Plan::fixed(test.alpha()),
    };
    let plan = plan.among(comparisons).control_per_track(of_control / rows);
    let difference = match (control, track) {
        (Counted::Rate(_), Counted::Rate(_)) => plan.detectable_rate(baseline, rows)?,
        _ => plan.detectable_mean(deviation(control)?, deviation(track)?, rows)?,
    };
    let lift = difference / baseline;
    Ok(Detectable {
        difference,
        lift: Some(lift).filter(|lift| baseline > 0.0 && lift.is_finite()),
    })
}

/// What the spread is over.
fn rows(counted: &Counted) -> f64 {
    match counted {
        Counted::Ratio(ratio) => ratio.rows as f64,
        counted => counted.units() as f64,
    }
}

fn deviation(counted: &Counted) -> Result<f64, NoAnswer> {
    match counted {
        Counted::Mean(mean) => Ok(mean.variance.sqrt()),
        Counted::Ratio(ratio) => Ok(ratio.variance()?.sqrt()),
        Counted::Rate(_) => Err(NoAnswer::Mixed),
    }
}
