//! Numbers that do not exist, and why.

use std::{error, fmt};

/// The reason why a number cannot be computed.
///
/// It is a separate value, so that a page shows the reason instead of something that looks like a
/// number. `Display` writes a sentence for readers of results. In JSON an object takes the place of the
/// number, such as `{"no_answer": "no-units"}`.
///
/// ```
/// use tower_tracks::stats::{NoAnswer, Rate, Test, compare_rates};
///
/// let none = Rate { units: 0, converters: 0 };
/// let some = Rate { units: 500, converters: 50 };
/// let test = Test::always_valid(0.05)?;
/// assert_eq!(compare_rates(&none, &some, &test), Err(NoAnswer::NoUnits));
/// // Without conversions in control there is a difference, but no lift.
/// let nothing = Rate { units: 500, converters: 0 };
/// let found = compare_rates(&nothing, &some, &test)?;
/// assert_eq!(found.lift, Err(NoAnswer::NothingToRelateTo));
/// # Ok::<(), NoAnswer>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum NoAnswer {
    /// No unit was counted.
    NoUnits,
    /// A track has fewer than two units, and one unit has no spread.
    OneUnit,
    /// All units of both tracks have the same value.
    NoSpread,
    /// A relative change needs a mean above 0 or a conversion in control.
    NothingToRelateTo,
    /// The mean of control may be 0, so a relative change has no interval.
    ControlMayBeZero,
    /// The sum of the denominators is not above 0.
    NoDenominator,
    /// The counts contradict each other, or are not numbers.
    Impossible,
    /// There are more than 2⁵³ units, which doubles cannot count.
    TooManyUnits,
    /// The numbers are too large or too small to compute with.
    OutOfRange,
    /// The level of a test is not from 1e-100 to 0.5, or the power of a plan is not between 0.5 and 1.
    Level,
    /// Fewer than two tracks have a weight above 0.
    NothingToCompare,
    /// The tracks were counted differently: the kinds of goals or the numbers of tracks differ.
    Mixed,
    /// No number of units is enough.
    Unreachable,
    /// The track has no weight any more, although control continues.
    SwitchedOff,
    /// The weights changed within the phase, so the sums over the whole phase may contradict each of its
    /// parts.
    WeightsChanged,
    /// No look of the plan was due yet.
    BeforeFirstLook,
    /// It is too early: no possible difference would be significant yet.
    TooEarly,
    /// The plan was reached with too few units to compare.
    TooFewForPlan,
    /// There is a sample ratio mismatch, so the goals must not be read.
    Hidden,
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoUnits => "no unit was counted yet",
            Self::OneUnit => "one unit alone has no spread; at least two are needed in each track",
            Self::NoSpread => "nothing differs so far: every unit has the same value",
            Self::NothingToRelateTo => "control has nothing that a percentage could be taken of",
            Self::ControlMayBeZero => {
                "control cannot be told apart from zero, so a percentage of it may be anything"
            }
            Self::NoDenominator => "the denominators sum up to nothing",
            Self::Impossible => "the counts contradict each other",
            Self::TooManyUnits => "there are more units than can be counted exactly (2^53)",
            Self::OutOfRange => "the numbers are too large or too small to compute with",
            Self::Level => "the level of the test is out of range",
            Self::NothingToCompare => "fewer than two tracks have a weight above 0",
            Self::Mixed => "the tracks were not counted in the same way",
            Self::Unreachable => "no number of units is enough",
            Self::SwitchedOff => "the track is switched off, so it is no longer compared",
            Self::WeightsChanged => "hidden, since the weights changed within the phase",
            Self::BeforeFirstLook => {
                "a plan is first read at the midnight after the first windows are over"
            }
            Self::TooEarly => "it is too early: no difference would be significant yet",
            Self::TooFewForPlan => "the plan was reached with too few units to compare",
            Self::Hidden => "hidden, since the tracks do not have the units they should have",
        })
    }
}

debug_as_message!(NoAnswer);

impl error::Error for NoAnswer {}

/// Writes an answer as it is, and the lack of one as `{"no_answer": why}`.
#[cfg(feature = "serde")]
pub(super) fn answer_json<T: serde::Serialize, S: serde::Serializer>(
    answer: &Result<T, NoAnswer>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match answer {
        Ok(answer) => answer.serialize(serializer),
        Err(why) => serializer.collect_map([("no_answer", why)]),
    }
}
