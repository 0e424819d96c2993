use std::{collections::BTreeMap, sync::Arc};

use crate::{
    control::{Act, Alert, Change, ControlError, Controls, Draft, GUARD},
    report::{PhaseReport, Report},
    warn::warn,
};

use super::{harm::Harm, news, standing::Standing};

/// How often the guard reads the log again because another change was faster.
const ATTEMPTS: usize = 3;

impl Controls {
    /// Compares the report before with the report now: sends alerts about what has begun, and pauses sets
    /// that a track harms. Returns the pauses that it made.
    ///
    /// Call it after each [`Reporter::refresh`](crate::report::Reporter::refresh), with the report that was
    /// stored before. A dashboard with controls (`Dashboard::controls`) calls it itself.
    /// It writes to the log of changes, so it belongs on the thread that computes the report.
    ///
    /// # When a set is paused
    ///
    /// A set is paused only if its plan has [`stop_if_harmed`](crate::Plan::stop_if_harmed). At two looks in
    /// a row, that is, in both reports, the same guardrail must be worse in the same track, or the numbers of
    /// units must differ from the weights with `p ≤ 0.001` (a sample ratio mismatch). Guardrails include
    /// errors, aborts and durations of requests. All of these tests are valid at every look. A second look
    /// counts only if facts came in between.
    ///
    /// The author of the pause is `guard`, and its reason is the sentence of the report. The guard never
    /// resumes a set. It leaves alone a set that is paused, shipped, or was closed a week ago. After a person
    /// has resumed a set, it does not pause the set again for the same reason in the same phase, since the
    /// facts of a phase are added up. If several nodes compute reports, one of them makes the pause.
    ///
    /// # What it reports
    ///
    /// [`Alert`] has the cases. Each is sent once, when it begins: if the report now shows it and the report
    /// before did not. Two nodes that compute a report at the same moment may both send it. Only the latest
    /// phase of each set is compared.
    ///
    /// ```
    /// use tower_tracks::{
    ///     control::{Controls, MemoryLog},
    ///     report::Reporter,
    ///     store::{Memory, Store, StoreError, Timestamp},
    /// };
    ///
    /// /// Computes the report, as a thread does every minute.
    /// fn look(store: &dyn Store, controls: &Controls) -> Result<(), StoreError> {
    ///     let before = Reporter::stored(store)?;
    ///     let reporter = Reporter::new(store, Timestamp::now()).changes(controls.changes());
    ///     let now = reporter.refresh()?;
    ///     for pause in controls.guard(&before, &now) {
    ///         println!("{pause}");
    ///     }
    ///     Ok(())
    /// }
    ///
    /// let notify = |alert: &_| println!("{alert}");
    /// let controls = Controls::builder(MemoryLog::default()).notify(notify).start()?;
    /// look(&Memory::default(), &controls)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn guard(&self, before: &Report, now: &Report) -> Vec<Change> {
        let before: BTreeMap<_, _> = before.phases.iter().map(by_name).collect();
        let mut latest: BTreeMap<&str, &PhaseReport> = BTreeMap::new();
        for phase in &now.phases {
            let of_set = latest.entry(&phase.set).or_insert(phase);
            if of_set.phase < phase.phase {
                *of_set = phase;
            }
        }
        let look = |now: &PhaseReport| look(self, before.get(&by_name(now).0).copied(), now);
        latest.into_values().filter_map(look).collect()
    }
}

/// Returns a phase with its set and number.
fn by_name(phase: &PhaseReport) -> ((&str, u32), &PhaseReport) {
    ((&phase.set, phase.phase), phase)
}

/// Sends the alerts about a phase, and pauses its set if two looks show harm.
fn look(controls: &Controls, before: Option<&PhaseReport>, now: &PhaseReport) -> Option<Change> {
    for alert in news::begun(before, now) {
        controls.alert(&alert);
    }
    let before = before?;
    if let Some(alert) = quiet(controls, before, now) {
        controls.alert(&alert);
    }
    match now.intent.stop_if_harmed {
        true => stop(controls, before, now),
        false => None,
    }
}

/// Returns the alert that a running set has no new unit for a day.
fn quiet(controls: &Controls, before: &PhaseReport, now: &PhaseReport) -> Option<Alert> {
    // Most sets have units all the time, so nothing is looked up for them.
    let last = now
        .last_exposure
        .filter(|last| news::is_quiet(now, last.0))?;
    let standing = Standing::of(controls, now).filter(Standing::is_running)?;
    let since = standing.last_change(now.as_of.0).max(Some(last.0))?;
    news::quiet(before, now, since)
}

/// Pauses a set if two looks show harm. A failure is reported once.
fn stop(controls: &Controls, before: &PhaseReport, now: &PhaseReport) -> Option<Change> {
    let harms = Harm::of_two_looks(before, now);
    if harms.is_empty() && Harm::is_in(now) {
        // The second look is still to come, or there were no new facts.
        return None;
    }
    let paused = pause(controls, now, &harms);
    let is_new = controls.note_failure(&now.set, now.phase, paused.is_err());
    match paused {
        Ok(change) => change,
        Err(failure) => {
            if is_new {
                failure.report(controls, now);
            }
            None
        }
    }
}

/// A pause that could not be made.
struct Failure {
    reason: String,
    error: ControlError,
}

/// Pauses a set for the most serious harm, unless something speaks against it. Another change may be faster
/// than the pause: then what is in force is read again.
fn pause(
    controls: &Controls,
    phase: &PhaseReport,
    harms: &[Harm],
) -> Result<Option<Change>, Failure> {
    let mut faster = None;
    for _ in 0..ATTEMPTS {
        if harms.is_empty() {
            break;
        }
        controls.refresh();
        // Before what is in force is looked at, so that a change in between is a conflict.
        let previous = controls.last_of(&phase.set, phase.phase);
        let standing = Standing::of(controls, phase);
        let Some(standing) = standing.filter(|it| it.may_be_paused(controls.now())) else {
            return Ok(None);
        };
        let Some(harm) = harms.iter().find(|harm| !standing.has_stopped(harm)) else {
            return Ok(None);
        };
        let reason = harm.reason();
        let draft = Draft::new(&phase.set, phase.phase, Act::Pause, GUARD, &reason);
        match controls.append(&draft, previous) {
            Ok(change) => return Ok(Some(change)),
            Err(error @ ControlError::Conflict(_)) => faster = Some(Failure { reason, error }),
            Err(error) => return Err(Failure { reason, error }),
        }
    }
    faster.map_or(Ok(None), Err)
}

impl Failure {
    /// Reports the failure to the closure and in the log of the program.
    fn report(self, controls: &Controls, phase: &PhaseReport) {
        let alert = Alert::GuardFailed {
            set: phase.set.clone(),
            phase: phase.phase,
            reason: self.reason,
            error: Arc::new(self.error),
        };
        warn(format_args!("{alert}"));
        controls.alert(&alert);
    }
}
