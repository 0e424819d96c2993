use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Interval, NoAnswer};

/// A number or a group of them, or why there is none.
///
/// In JSON it is what is known, or `{"no-answer": "…"}` with the reason as a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer<T> {
    /// What is known.
    Known(T),
    /// Nothing is known.
    Unknown {
        /// Why, in words.
        #[serde(rename = "no-answer")]
        why: String,
    },
}

/// What was seen, and what it may be in truth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Estimated {
    /// What was seen.
    pub value: f64,
    /// What it may be in truth; `None` where that is not known or covered.
    pub interval: Option<Limits>,
}

/// All that the data do not contradict.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Limits {
    /// The lower limit.
    pub lower: f64,
    /// The upper limit; `None` where there is none.
    pub upper: Option<f64>,
}

impl<T> Answer<T> {
    /// Returns what is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(known) => Some(known),
            Self::Unknown { .. } => None,
        }
    }

    /// Returns why nothing is known.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Known(_) => None,
            Self::Unknown { why } => Some(why),
        }
    }

    pub(in crate::report) fn unknown(why: impl ToString) -> Self {
        let why = why.to_string();
        Self::Unknown { why }
    }

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
