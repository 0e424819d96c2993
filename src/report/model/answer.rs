//! Numbers that may be unknown, and intervals.

use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Interval, NoAnswer};

/// A value, or the reason why there is none.
///
/// In JSON it is the value, or `{"no-answer": "…"}` with the reason as a sentence for people.
///
/// ```
/// use tower_tracks::report::Answer;
///
/// let days: Answer<f64> = serde_json::from_str("12.0").unwrap();
/// assert_eq!(days.known(), Some(&12.0));
///
/// let days: Answer<f64> = serde_json::from_str(r#"{"no-answer":"no unit came"}"#).unwrap();
/// assert_eq!(days.why(), Some("no unit came"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer<T> {
    /// The value.
    Known(T),
    /// There is no value.
    Unknown {
        /// The reason, as a sentence for people.
        #[serde(rename = "no-answer")]
        why: String,
    },
}

/// An observed value with its interval.
///
/// ```
/// use tower_tracks::report::Estimated;
///
/// /// Returns whether an interval excludes zero.
/// fn is_nonzero(estimated: &Estimated) -> bool {
///     estimated.interval.is_some_and(|limits| {
///         limits.lower > 0.0 || limits.upper.is_some_and(|upper| upper < 0.0)
///     })
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Estimated {
    /// The observed value.
    pub value: f64,
    /// The interval; `None` if it is unknown or hidden.
    pub interval: Option<Limits>,
}

/// The limits of an interval: the true values that the data do not contradict.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Limits {
    /// The lower limit.
    pub lower: f64,
    /// The upper limit; `None` where there is none.
    pub upper: Option<f64>,
}

impl<T> Answer<T> {
    /// Returns the value, if there is one.
    ///
    /// ```
    /// use tower_tracks::report::Answer;
    ///
    /// assert_eq!(Answer::Known(0.1).known(), Some(&0.1));
    /// ```
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(known) => Some(known),
            Self::Unknown { .. } => None,
        }
    }

    /// Returns the reason why there is no value; `None` if there is one.
    ///
    /// ```
    /// use tower_tracks::report::Answer;
    ///
    /// let answer: Answer<f64> = Answer::Unknown { why: "there are no units".into() };
    /// assert_eq!(answer.why(), Some("there are no units"));
    /// assert_eq!(answer.known(), None);
    /// ```
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Known(_) => None,
            Self::Unknown { why } => Some(why),
        }
    }

    /// Returns an answer without a value, with the reason.
    pub(in crate::report) fn unknown(why: impl ToString) -> Self {
        let why = why.to_string();
        Self::Unknown { why }
    }

    /// Converts the value, and keeps the reason.
    pub(in crate::report) fn map<U>(self, with: impl FnOnce(T) -> U) -> Answer<U> {
        match self {
            Self::Known(known) => Answer::Known(with(known)),
            Self::Unknown { why } => Answer::Unknown { why },
        }
    }
}

impl<T> From<Result<T, NoAnswer>> for Answer<T> {
    fn from(answer: Result<T, NoAnswer>) -> Self {
        match answer {
            Ok(known) => Self::Known(known),
            Err(why) => Self::unknown(why),
        }
    }
}

impl From<Interval> for Limits {
    fn from(interval: Interval) -> Self {
        Self {
            lower: interval.lower,
            // JSON has no infinity.
            upper: Some(interval.upper).filter(|upper| upper.is_finite()),
        }
    }
}

impl From<Estimate> for Estimated {
    fn from(estimate: Estimate) -> Self {
        Self {
            value: estimate.value,
            interval: Some(estimate.interval.into()),
        }
    }
}
