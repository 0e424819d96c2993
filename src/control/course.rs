//! The share by the clock, as changes set it one after the other.

use crate::store::Timestamp;

use super::act::Step;

/// A share, until the steps of a ramp begin.
#[derive(Clone, Copy)]
pub(super) struct Course<'a> {
    share: f64,
    /// The change that has set the share; `None` if it is that of the code.
    by: Option<u64>,
    steps: &'a [Step],
    /// The change that has the steps.
    ramp: u64,
}

impl<'a> Course<'a> {
    /// Returns the course of a share that does not change.
    pub(super) fn of(share: f64, by: Option<u64>) -> Self {
        Self {
            share,
            by,
            steps: &[],
            ramp: 0,
        }
    }

    /// Returns the course under a ramp that comes into force at a moment.
    ///
    /// Before its first step, the share stays as it was at that moment: the steps of a former ramp that
    /// were still to come are replaced.
    pub(super) fn ramp(self, from: Timestamp, steps: &'a [Step], ramp: u64) -> Self {
        let (share, by) = self.at(from);
        Self {
            share,
            by,
            steps,
            ramp,
        }
    }

    /// Returns the share at a moment, and the change that has set it.
    pub(super) fn at(&self, now: Timestamp) -> (f64, Option<u64>) {
        match self.steps[..self.begun(now)].last() {
            Some(step) => (step.share, Some(self.ramp)),
            None => (self.share, self.by),
        }
    }

    /// Returns when the next step begins.
    pub(super) fn next(&self, now: Timestamp) -> Option<Timestamp> {
        self.steps.get(self.begun(now)).map(|step| step.at)
    }

    fn begun(&self, now: Timestamp) -> usize {
        self.steps.partition_point(|step| step.at <= now)
    }
}
