use serde_json::Value;
use tower_tracks::stats::{GroupSequential, Normal, Test};

use super::text;

/// What makes a look a hit.
#[derive(Debug, Clone)]
pub(super) enum Decision {
    /// The same test at every look.
    Test(Test),
    /// The distance of z from 0.
    Beyond(f64),
    /// One test before the last look, and another at that.
    Early(Test, Test),
    /// Those of a plan: the test at each of its looks.
    Planned(Vec<Test>),
}

impl Decision {
    /// Reads the event of a case.
    pub(super) fn new(case: &Value, looks: u64) -> Result<Self, String> {
        let event = case["event"].as_str().ok_or("no event")?;
        let input = &case["input"];
        let unknown = || format!("what is {event:?}?");
        let tuned_for = input["n_star"].as_f64().unwrap_or(10_000.0) as u64;
        let level = || text::after(event, "<= ").ok_or_else(unknown);
        if event.starts_with("sequential p") || event.starts_with("always-valid p") {
            Ok(Self::Test(always_valid(level()?, tuned_for)?))
        } else if event.starts_with("fixed-horizon p") {
            Ok(Self::Test(fixed(level()?)?))
        } else if event.starts_with("P(beats control)") {
            let bound = text::after(event, ">").ok_or_else(unknown)?;
            Ok(Self::Beyond(Normal.inverse_cdf(bound).ok_or_else(unknown)?))
        } else if event.starts_with("|z| >= boundary") {
            let alpha = input["alpha"].as_f64().ok_or("at which level?")?;
            let mut plan = plan(alpha, looks)?;
            if event.contains("by half of the looks") {
                plan.truncate(looks as usize / 2);
            }
            Ok(Self::Planned(plan))
        } else if event.starts_with("|z| >= ") {
            Ok(Self::Beyond(text::first(event).ok_or_else(unknown)?))
        } else if event == "significant at any look or at the plan" {
            let text = input["looks"].as_str().unwrap_or_default();
            let [early, late] =
                ["alpha_sequential", "z test at"].map(|word| text::after(text, word));
            let early = always_valid(early.ok_or_else(unknown)?, tuned_for)?;
            Ok(Self::Early(early, fixed(late.ok_or_else(unknown)?)?))
        } else {
            Err(unknown())
        }
    }

    /// The test at a look, of which the first is 1; `None` when nothing can be found there.
    pub(super) fn at(&self, look: u64, is_last: bool) -> Option<Test> {
        match self {
            Self::Test(test) => Some(*test),
            Self::Early(_, late) if is_last => Some(*late),
            Self::Early(early, _) => Some(*early),
            Self::Planned(tests) => tests.get(look as usize - 1).copied(),
            Self::Beyond(z) => Test::at_boundary(*z).ok(),
        }
    }
}

pub(super) fn always_valid(alpha: f64, tuned_for: u64) -> Result<Test, String> {
    Ok(fixed(alpha)?.tuned_for(tuned_for))
}

fn fixed(alpha: f64) -> Result<Test, String> {
    Test::fixed(alpha).map_err(|why| why.to_string())
}

/// The tests at equally spaced looks. Where a boundary is beyond any z, the strictest there is.
pub(super) fn plan(alpha: f64, looks: u64) -> Result<Vec<Test>, String> {
    let design = GroupSequential::equally_spaced(alpha, looks as u32);
    let design = design.map_err(|why| why.to_string())?;
    let test = |boundary: f64| Test::at_boundary(boundary.min(20.0));
    let tests: Result<Vec<_>, _> = design.boundaries().map(test).collect();
    tests.map_err(|why| why.to_string())
}
