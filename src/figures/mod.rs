//! Writes figures for readers: one text for a value, in sentences, tables, pages and plots alike.
//!
//! The format is English: a point before decimals, a comma between thousands, and no space before
//! the percent sign. JSON and CSV have the numbers themselves.

mod count;
#[cfg(feature = "stats")]
mod decimal;
#[cfg(feature = "stats")]
mod number;
#[cfg(feature = "stats")]
mod p_value;
#[cfg(feature = "stats")]
mod percent;
#[cfg(feature = "stats")]
mod sign;
#[cfg(feature = "report")]
mod span;

pub(crate) use self::count::count;
#[cfg(feature = "report")]
pub(crate) use self::p_value::p_value;
#[cfg(any(feature = "cli", feature = "dashboard"))]
pub(crate) use self::percent::round_percent;
#[cfg(feature = "report")]
pub(crate) use self::{count::plural, span::span};
#[cfg(feature = "stats")]
pub(crate) use self::{
    number::number,
    p_value::stated_p,
    percent::{level, percent, points},
    sign::signed,
};
