use std::{collections::BTreeMap, sync::Arc};

use serde::de::DeserializeOwned;

use crate::{
    assign::Plan,
    event::Goal,
    record::{Loss, Phase, PhaseName, Readout, Store, StoreError, StoreErrorKind, Timestamp},
};

use super::{PhaseFacts, PhaseReport, Report, StatedPlan, Unread, Utc};

/// The kinds of read-outs besides: the report of a phase, and that of when its plan was reached.
const REPORT: &str = "report";
const DECISION: &str = "decision";

const OTHER_VERSION: &str = "another version of this crate stored its report; it is to be computed \
    again";

/// Reads a store and reports.
///
/// It waits for I/O, and reads each unit of each phase: it belongs on a thread of its own, such as
/// one of `spawn_blocking`, and at times. What is shown in between is [`stored`](Self::stored).
///
/// See the [module docs](crate::report).
#[derive(Debug, Clone)]
#[must_use = "a reporter does nothing until it is asked"]
pub struct Reporter<'s> {
    store: &'s dyn Store,
    as_of: Timestamp,
    set: Option<Arc<str>>,
}

/// What is read once for all phases.
struct Common {
    decisions: BTreeMap<PhaseKey, PhaseReport>,
    goals: Vec<Goal>,
    losses: Vec<Loss>,
}

/// The set and the number of a phase.
type PhaseKey = (Arc<str>, u32);

impl<'s> Reporter<'s> {
    /// Returns a reporter of what a store knows up to a time, such as [`Timestamp::now`].
    pub fn new(store: &'s dyn Store, as_of: Timestamp) -> Self {
        Self {
            store,
            as_of,
            set: None,
        }
    }

    /// Reports one set alone. Defaults to all.
    pub fn set(mut self, name: impl Into<Arc<str>>) -> Self {
        self.set = Some(name.into());
        self
    }

    /// Computes the report, and stores nothing.
    ///
    /// # Errors
    ///
    /// When the store cannot be read. A single phase that cannot is in [`Report::unread`].
    pub fn compute(&self) -> Result<Report, StoreError> {
        self.each(|_, report| Ok(report))
    }

    /// Computes the report and stores it phase by phase, to be read by [`stored`](Self::stored).
    /// What a plan came to is stored besides when it is first reached, and shown from then on.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written.
    pub fn refresh(&self) -> Result<Report, StoreError> {
        self.each(|phase, report| {
            let report = self.decide(phase, report)?;
            self.put(&phase.name, REPORT, &report)?;
            Ok(report)
        })
    }

    /// Stores what a plan came to, unless somebody else has since this report was begun: then it
    /// came to that, and the report is as of then at least. Of two who come to here in the same
    /// instant, the later is kept.
    fn decide(&self, phase: &Phase, report: PhaseReport) -> Result<PhaseReport, StoreError> {
        let is_decided_now = |report: &PhaseReport| report.decided_at == Some(report.as_of);
        if !is_decided_now(&report) {
            return Ok(report);
        }
        let common = self.common()?;
        let report = match common.decisions.get(&key(&phase.name)) {
            Some(decision) => {
                let Utc(read_at) = decision.as_of;
                let then = Self {
                    as_of: self.as_of.max(read_at),
                    ..self.clone()
                };
                then.phase(phase.clone(), &common)?.unwrap_or(report)
            }
            None => report,
        };
        if is_decided_now(&report) {
            self.put(&phase.name, DECISION, &report)?;
        }
        Ok(report)
    }

    /// Returns the report as it was stored last. It is as old as each phase says.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn stored(store: &dyn Store) -> Result<Report, StoreError> {
        let mut report = Report::default();
        for readout in store.readouts(REPORT)? {
            match serde_json::from_str(&readout.json) {
                Ok(phase) => report.phases.push(phase),
                Err(_) => report
                    .unread
                    .push(Unread::new(&readout.phase, &OTHER_VERSION)),
            }
        }
        Ok(report)
    }

    /// Reports phase by phase, so that one of them is in memory at a time.
    fn each(
        &self,
        mut done: impl FnMut(&Phase, PhaseReport) -> Result<PhaseReport, StoreError>,
    ) -> Result<Report, StoreError> {
        let common = self.common()?;
        let mut report = Report::default();
        for phase in self.store.phases()? {
            if self.set.as_ref().is_some_and(|set| *set != phase.name.set) {
                continue;
            }
            let of_phase = self.phase(phase.clone(), &common).transpose();
            match of_phase.map(|of_phase| done(&phase, of_phase?)) {
                Some(Ok(of_phase)) => report.phases.push(of_phase),
                None => {}
                Some(Err(error)) if is_of_phase(&error) => {
                    report.unread.push(Unread::new(&phase.name, &error));
                }
                Some(Err(error)) => return Err(error),
            }
        }
        Ok(report)
    }

    fn phase(&self, phase: Phase, common: &Common) -> Result<Option<PhaseReport>, StoreError> {
        let key = key(&phase.name);
        let stored = phase.plans.last();
        let stored = stored.and_then(|entry| serde_json::from_str::<Plan>(&entry.json).ok());
        let plan = StatedPlan::of(&phase, stored, &common.goals);
        let question = plan.question(&phase.name, self.as_of);
        let Some(attribution) = self.store.attribute(&question)? else {
            return Ok(None);
        };
        let facts = PhaseFacts {
            sums: self.store.sums(&phase.name)?,
            losses: common.losses.clone(),
            as_of: self.as_of,
            decision: common.decisions.get(&key).cloned(),
            phase,
            plan,
            attribution,
        };
        PhaseReport::of(&facts).map(Some)
    }

    fn common(&self) -> Result<Common, StoreError> {
        Ok(Common {
            decisions: self.readouts(DECISION)?,
            goals: self.store.goals()?,
            losses: self.store.losses()?,
        })
    }

    /// Returns the read-outs of a kind, as far as they can be read.
    fn readouts<T: DeserializeOwned>(
        &self,
        kind: &str,
    ) -> Result<BTreeMap<PhaseKey, T>, StoreError> {
        let readouts = self.store.readouts(kind)?;
        let read = |readout: &Readout| {
            let read = serde_json::from_str(&readout.json).ok()?;
            Some((key(&readout.phase), read))
        };
        Ok(readouts.iter().filter_map(read).collect())
    }

    fn put(&self, phase: &PhaseName, kind: &str, report: &PhaseReport) -> Result<(), StoreError> {
        let json = serde_json::to_string(report).map_err(|error| {
            StoreError::new(StoreErrorKind::Other, "a report cannot be written").caused_by(error)
        })?;
        let Utc(as_of) = report.as_of;
        self.store.put_readout(&Readout {
            phase: phase.clone(),
            kind: kind.into(),
            as_of,
            json: json.into(),
        })
    }
}

fn key(phase: &PhaseName) -> PhaseKey {
    (Arc::clone(&phase.set), phase.phase)
}

/// Whether the error is of one phase, and others can be reported.
fn is_of_phase(error: &StoreError) -> bool {
    matches!(
        error.kind(),
        StoreErrorKind::Refused | StoreErrorKind::Corrupt
    )
}
