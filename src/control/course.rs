//! The share by the clock, as changes set it one after the other.

use crate::store::Timestamp;

use super::{act::Step, state::Ramp};

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

    /// Returns the steps that are still to come; `None` if there are none.
    pub(super) fn coming(&self, now: Timestamp) -> Option<Ramp> {
        let steps = self.steps[self.begun(now)..].to_vec();
        let by = self.ramp;
        (!steps.is_empty()).then_some(Ramp { steps, by })
    }

    fn begun(&self, now: Timestamp) -> usize {
        self.steps.partition_point(|step| step.at <= now)
    }
}
