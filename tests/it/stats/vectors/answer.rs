use std::collections::BTreeSet;

use serde_json::Value;

use super::{Tally, number};

/// How far a number may be from the expected one: the sum of both.
#[derive(Clone, Copy)]
pub(super) struct Within {
    pub(super) relative: f64,
    pub(super) absolute: f64,
}

pub(super) fn relative(relative: f64) -> Within {
    let absolute = 0.0;
    Within { relative, absolute }
}

pub(super) fn absolute(absolute: f64) -> Within {
    let relative = 0.0;
    Within { relative, absolute }
}

/// The fields that a case expects; each must be checked.
pub(super) struct Answer<'a> {
    expected: &'a Value,
    asked: BTreeSet<&'static str>,
    /// Those that are not compared.
    left_out: BTreeSet<&'static str>,
    tally: &'a mut Tally,
}

impl<'a> Answer<'a> {
    pub(super) fn new(expected: &'a Value, tally: &'a mut Tally) -> Self {
        Self {
            expected,
            asked: BTreeSet::new(),
            left_out: BTreeSet::new(),
            tally,
        }
    }

    /// Compares a number, or that there is none, unless the case does not have the field.
    pub(super) fn number(
        &mut self,
        name: &'static str,
        got: Option<f64>,
        within: Within,
    ) -> Result<(), String> {
        let Some(expected) = self.field(name) else {
            return Ok(());
        };
        let wrong = || format!("{name} is {got:?}, and not {expected}");
        match (expected, got) {
            (Value::Null, None) => {
                self.tally.without_answer();
                Ok(())
            }
            (Value::Number(_), Some(got)) => {
                compare(number(expected)?, got, within, self.tally).map_err(|()| wrong())
            }
            _ => Err(wrong()),
        }
    }

    /// Compares a p-value, of which those below 1e-300 are alike; and its logarithm.
    pub(super) fn p(&mut self, got: Option<f64>, tolerance: f64) -> Result<(), String> {
        let tiny = |p: &f64| *p < 1e-300;
        let expected = self.expected["p"].as_f64();
        let expected = expected.filter(|_| !self.left_out.contains("p"));
        if expected.as_ref().is_some_and(tiny) && got.as_ref().is_some_and(tiny) {
            self.field("p");
            self.field("log10_p");
            self.tally.compared(0.0);
            return Ok(());
        }
        self.number("p", got, relative(tolerance))?;
        self.number("log10_p", got.map(f64::log10), absolute(tolerance))
    }

    /// Compares an interval, of which an infinite limit is null; the tolerance is of its width.
    pub(super) fn interval(
        &mut self,
        name: &'static str,
        got: Option<[f64; 2]>,
        tolerance: f64,
    ) -> Result<(), String> {
        let Some(expected) = self.field(name) else {
            return Ok(());
        };
        let wrong = || format!("{name} is {got:?}, and not {expected}");
        let Some(limits) = expected.as_array() else {
            self.tally.without_answer();
            return got.is_none().then_some(()).ok_or_else(wrong);
        };
        let got = got.ok_or_else(wrong)?;
        let width = match (limits[0].as_f64(), limits[1].as_f64()) {
            (Some(lower), Some(upper)) => upper - lower,
            (lower, _) => lower.unwrap_or(0.0).abs(),
        };
        for (limit, got) in limits.iter().zip(got) {
            match limit.as_f64() {
                None if got == f64::INFINITY => self.tally.without_answer(),
                None => return Err(wrong()),
                Some(limit) => {
                    let within = absolute(tolerance * width + 1e-15);
                    compare(limit, got, within, self.tally).map_err(|()| wrong())?;
                }
            }
        }
        Ok(())
    }

    /// Compares a word.
    pub(super) fn word(&mut self, name: &'static str, got: &str) -> Result<(), String> {
        let Some(expected) = self.field(name) else {
            return Ok(());
        };
        if expected != got {
            return Err(format!("{name} is {got}, and not {expected}"));
        }
        self.tally.compared(0.0);
        Ok(())
    }

    /// Compares whether something holds.
    pub(super) fn flag(&mut self, name: &'static str, got: bool) -> Result<(), String> {
        match self.field(name) {
            Some(expected) if *expected != got => {
                Err(format!("{name} is {got}, and not {expected}"))
            }
            Some(_) => {
                self.tally.compared(0.0);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Compares limits, which may be missing; the tolerance is relative to their distance.
    pub(super) fn limits(
        &mut self,
        name: &'static str,
        got: [Option<f64>; 2],
        tolerance: f64,
    ) -> Result<(), String> {
        let Some(expected) = self.field(name) else {
            return Ok(());
        };
        let limits = [expected[0].as_f64(), expected[1].as_f64()];
        let width = match limits {
            [Some(lower), Some(upper)] => upper - lower,
            [lower, upper] => lower.or(upper).unwrap_or(0.0).abs(),
        };
        list(
            expected,
            &got,
            absolute(tolerance * width + 1e-15),
            self.tally,
        )
        .map_err(|error| format!("{name}: {error}"))
    }

    /// Returns the fields of a field, unless it is null or missing.
    pub(super) fn inner(&mut self, name: &'static str) -> Option<Answer<'_>> {
        let expected = self.field(name).filter(|inner| inner.is_object())?;
        Some(Answer::new(expected, self.tally))
    }

    /// Leaves out fields that the library has not, or computes by another rule, and counts them.
    pub(super) fn not_offered(&mut self, names: &[&'static str]) {
        for name in names {
            if self.field(name).is_some() {
                self.tally.not_offered(name);
            }
            self.left_out.insert(name);
        }
    }

    /// Passes over fields that are no answers, or were compared elsewhere.
    pub(super) fn seen(&mut self, names: &[&'static str]) {
        self.asked.extend(names);
    }

    /// Nothing of the case is left.
    pub(super) fn finish(self) -> Result<(), String> {
        let fields = self.expected.as_object();
        let fields = fields.ok_or_else(|| format!("{} is not an object", self.expected))?;
        match fields.keys().find(|name| !self.asked.contains(&***name)) {
            Some(name) => Err(format!("what is {name}?")),
            None => Ok(()),
        }
    }

    fn field(&mut self, name: &'static str) -> Option<&'a Value> {
        self.asked.insert(name);
        let field = self.expected.get(name);
        field.filter(|_| !self.left_out.contains(name))
    }
}

/// Compares a list of numbers, some of which may be missing.
pub(super) fn list(
    expected: &Value,
    got: &[Option<f64>],
    within: Within,
    tally: &mut Tally,
) -> Result<(), String> {
    let wrong = || format!("{got:?}, and not {expected}");
    let array = expected.as_array().ok_or_else(wrong)?;
    if array.len() != got.len() {
        return Err(wrong());
    }
    for (expected, got) in array.iter().zip(got) {
        match (expected.as_f64(), *got) {
            (Some(expected), Some(got)) => {
                compare(expected, got, within, tally).map_err(|()| wrong())?;
            }
            (None, None) if expected.is_null() => tally.without_answer(),
            _ => return Err(wrong()),
        }
    }
    Ok(())
}

/// Compares two numbers.
pub(super) fn compare(
    expected: f64,
    got: f64,
    within: Within,
    tally: &mut Tally,
) -> Result<(), ()> {
    let most = within.relative * expected.abs() + within.absolute;
    let away = (got - expected).abs();
    if away == 0.0 {
        tally.compared(0.0);
        Ok(())
    } else if away <= most {
        tally.compared(away / most);
        Ok(())
    } else {
        Err(())
    }
}
