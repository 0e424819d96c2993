//! The reporter: it reads the facts of each phase from a store, and stores reports.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use serde::de::DeserializeOwned;

use crate::{
    assign::Plan,
    event::Goal,
    store::{
        Attribute, Attribution, Loss, Overlap, PhaseName, Question, Readout, Store, StoreError,
        StoreErrorKind, Timestamp, WholePhase,
    },
};

#[cfg(feature = "control")]
use crate::control::{Change, Code, alone, state};

use super::{
    ChangeHistory, Decision, DecisionRecord, IntentSource, PhaseReport, RecordedDecision, Report,
    Unread, Utc,
    caps::set_caps,
    facts::PhaseFacts,
    interactions::{AllKept, Running, kept_pairs, running, set_notices},
    isolated::isolated,
    plan::StatedPlan,
    plan_log::PlanLog,
};

/// The kinds of read-outs: the report of a phase, and what its plan decided as it was first read.
const REPORT: &str = "report";
/// The kind of a read-out with a decision as it was first read.
const DECIDED: &str = "decided";

/// The kind of a read-out with what was known when a track was shipped.
const RECORD: &str = "record";

/// What version 1 of the schema stored when a plan was reached.
const RECORDED: &str = "decision";

/// The kind of a read-out with the contrasts of a phase with those of other sets.
const INTERACTIONS: &str = "interactions";

const OTHER_VERSION: &str = "another version of this crate stored its report; it is to be computed \
    again";

/// Computes reports from a store.
///
/// [`compute`](Self::compute) reads each unit of each phase and waits for I/O, so it belongs on a
/// thread of its own, such as one of `spawn_blocking`. A page that many people read should show the
/// [stored](Self::stored) report, which [`refresh`](Self::refresh) writes every minute or so.
///
/// ```
/// use tower_tracks::{report::Reporter, store::{Memory, Timestamp}};
///
/// let store = Memory::default(); // … into which a recorder writes …
/// let report = Reporter::new(&store, Timestamp::now()).set("delay").compute()?;
/// assert!(report.latest("delay").is_none(), "nothing was recorded yet");
/// # Ok::<(), tower_tracks::store::StoreError>(())
/// ```
///
/// See the [module docs](crate::report).
#[derive(Debug, Clone)]
#[must_use = "a reporter does nothing until a report is requested"]
pub struct Reporter<'s> {
    pub(super) store: &'s dyn Store,
    /// What answers questions, if it is not the store.
    source: Option<&'s dyn Attribute>,
    pub(super) as_of: Timestamp,
    set: Option<Arc<str>>,
    #[cfg(feature = "control")]
    changes: Vec<Change>,
}

/// The data that are read once for all phases, since they cost a query each.
struct Common {
    /// The decisions as they were first stored.
    decided: BTreeMap<PhaseKey, Decision>,
    /// The readings of plans that version 1 of the schema stored.
    recorded: BTreeMap<PhaseKey, RecordedDecision>,
    /// What was known when tracks were shipped.
    records: BTreeMap<PhaseKey, DecisionRecord>,
    goals: Vec<Goal>,
    losses: Vec<Loss>,
    conversions: Arc<BTreeMap<(Goal, i32), u64>>,
    /// The recorded goals that no plan names.
    unplanned: Vec<Goal>,
}

/// The most pairs of sets that a report which is stored reads at a time.
const PAIRS: usize = 7;

/// What of a report is stored.
enum Keep {
    Nothing,
    All,
}

/// The set and the number of a phase.
type PhaseKey = (Arc<str>, u32);

impl<'s> Reporter<'s> {
    /// Returns a reporter of the facts of a store up to a time, usually [`Timestamp::now`].
    ///
    /// With an earlier time, the report is the one that could have been read then, except for facts
    /// that arrived late, and for sums over requests, which always cover all requests.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::{report::Reporter, store::{Memory, Timestamp}};
    ///
    /// let store = Memory::default();
    /// let yesterday = Timestamp::now().minus(Duration::from_secs(24 * 60 * 60));
    /// let report = Reporter::new(&store, yesterday).compute()?;
    /// assert!(report.phases.is_empty());
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    pub fn new(store: &'s dyn Store, as_of: Timestamp) -> Self {
        Self {
            store,
            source: None,
            as_of,
            set: None,
            #[cfg(feature = "control")]
            changes: Vec::new(),
        }
    }

    /// Sets what answers the questions about phases, instead of the store: for instance
    /// `warehouse::Cells`, the answers of an engine that has more facts than the store.
    ///
    /// Phases, plans, sums over requests and losses come from the store. The report of a phase is one of the
    /// latest time for which the source [has an answer](Attribute::as_of).
    ///
    /// ```
    /// use tower_tracks::{report::Reporter, store::{Memory, Timestamp}};
    ///
    /// let (store, elsewhere) = (Memory::default(), Memory::default());
    /// let report = Reporter::new(&store, Timestamp::now()).attribute_by(&elsewhere).compute()?;
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    pub fn attribute_by(mut self, source: &'s dyn Attribute) -> Self {
        self.source = Some(source);
        self
    }

    /// Returns the questions about the facts up to the time of the reporter, one for each phase. An engine that
    /// computes the answers elsewhere needs them.
    ///
    /// ```
    /// use tower_tracks::{report::Reporter, store::{Memory, Timestamp}};
    ///
    /// let store = Memory::default();
    /// assert!(Reporter::new(&store, Timestamp::now()).questions()?.is_empty());
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn questions(&self) -> Result<Vec<Question>, StoreError> {
        let phases = WholePhase::all(self.store.phases()?);
        let goals = self.store.goals()?;
        let asked = phases.iter().filter(|whole| self.is_of_report(whole));
        let question = |whole| self.question(whole, &StatedPlan::of(&whole.phase, &goals));
        Ok(asked.map(question).collect())
    }

    /// Sets the changes of running tests, such as those of a
    /// [`ChangeLog`](crate::control::ChangeLog). Units that were first exposed after a close, or in an
    /// excluded span, are left out, and notices say so. [`PhaseReport::changes`] lists the changes.
    ///
    /// ```
    /// use tower_tracks::{control::{ChangeLog, MemoryLog}, report::Reporter};
    /// use tower_tracks::store::{Memory, Timestamp};
    ///
    /// let (store, log) = (Memory::default(), MemoryLog::default());
    /// let changes = log.after(0)?.changes;
    /// let report = Reporter::new(&store, Timestamp::now()).changes(changes).compute()?;
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    #[cfg(feature = "control")]
    pub fn changes(mut self, changes: impl Into<Vec<Change>>) -> Self {
        self.changes = changes.into();
        self
    }

    /// Reports all phases of one set, by its name or a former one. Defaults to all sets.
    ///
    /// A store may have thousands of sets, and each takes time. A name without facts is no error:
    /// the report has no phases.
    ///
    /// ```
    /// use tower_tracks::{report::Reporter, store::{Memory, Timestamp}};
    ///
    /// let store = Memory::default();
    /// let report = Reporter::new(&store, Timestamp::now()).set("pricing").compute()?;
    /// assert!(report.phases.is_empty());
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    pub fn set(mut self, name: impl Into<Arc<str>>) -> Self {
        self.set = Some(name.into());
        self
    }

    /// Computes the report, and stores nothing.
    ///
    /// # Errors
    ///
    /// If the store cannot be read. A single phase that cannot be read is in [`Report::unread`].
    ///
    /// ```
    /// use std::{sync::Arc, time::SystemTime};
    ///
    /// use tower_tracks::{
    ///     Exposure, Key, Observe, SimpleTrackSet, Units,
    ///     record::Recorder,
    ///     report::Reporter,
    ///     store::{Memory, Timestamp},
    /// };
    ///
    /// let store = Arc::new(Memory::default());
    /// let recorder = Recorder::builder(Units::raw()).store(Arc::clone(&store)).start()?;
    /// let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// for number in 0..100 {
    ///     let key = Key::from(number);
    ///     let choice = delay.assign(&key, &());
    ///     recorder.observe(&Exposure::new(choice, key, SystemTime::now()).unwrap());
    /// }
    /// recorder.flush().wait()?;
    ///
    /// let report = Reporter::new(&store, Timestamp::now()).compute()?;
    /// let phase = report.latest("delay").unwrap();
    /// assert_eq!((phase.phase, phase.units), (1, 100));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compute(&self) -> Result<Report, StoreError> {
        self.each(&Keep::Nothing)
    }

    /// Computes the report and stores it phase by phase, to be read by [`stored`](Self::stored).
    ///
    /// The decision of a plan is also stored by itself, when it is first read. Later reports do not
    /// need it: they decide again from the facts, and if the result differs, the report has a
    /// notice that facts changed.
    ///
    /// # Errors
    ///
    /// If the store cannot be read or written.
    ///
    /// ```
    /// use tower_tracks::{report::Reporter, store::{Memory, Timestamp}};
    ///
    /// let store = Memory::default();
    /// let report = Reporter::new(&store, Timestamp::now()).refresh()?;
    /// assert_eq!(Reporter::stored(&store)?, report);
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    pub fn refresh(&self) -> Result<Report, StoreError> {
        self.each(&Keep::All)
    }

    /// Stores the report of a phase, and its decision when it is first read.
    fn keep(
        &self,
        whole: &WholePhase,
        common: &Common,
        report: &PhaseReport,
    ) -> Result<(), StoreError> {
        let name = &whole.phase.name;
        if let Some(decision) = &report.decision
            // The first decision stays stored. A later one would agree with the facts that
            // changed, and hide the change.
            && stored_for(whole, &common.decided).is_none()
        {
            self.put(name, DECIDED, (report.as_of, decision))?;
        }
        if let Some(record) = &report.record
            && stored_for(whole, &common.records) != Some(&**record)
        {
            self.put(name, RECORD, (record.as_of, record))?;
        }
        self.put(name, REPORT, (report.as_of, report))
    }

    /// Returns the report that was stored last. Each phase has the time of its facts in
    /// [`PhaseReport::as_of`].
    ///
    /// It reads a few rows, so it is cheap. A phase that another version of this crate stored in
    /// another form is in [`Report::unread`], until the next [`refresh`](Self::refresh).
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    ///
    /// ```
    /// use tower_tracks::{report::Reporter, store::Memory};
    ///
    /// let store = Memory::default();
    /// let report = Reporter::stored(&store)?;
    /// assert!(report.phases.is_empty(), "no report was stored yet");
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    pub fn stored(store: &dyn Store) -> Result<Report, StoreError> {
        let mut report = empty(store)?;
        for readout in store.readouts(REPORT)? {
            match serde_json::from_str(&readout.json) {
                Ok(phase) if is_of(&phase, &readout.phase) => report.phases.push(phase),
                _ => report
                    .unread
                    .push(Unread::new(&readout.phase, &OTHER_VERSION)),
            }
        }
        drop_renamed(&mut report);
        Ok(report)
    }

    /// Reports phase by phase, and then what there is between sets.
    fn each(&self, keep: &Keep) -> Result<Report, StoreError> {
        let phases = WholePhase::all(self.store.phases()?);
        let common = self.common(&phases)?;
        let mut report = empty(self.store)?;
        let mut reported = Vec::new();
        // Until pairs are read anew, the notices are those of before.
        let kept: AllKept = self.readouts(INTERACTIONS)?;
        let before = match self.has_pairs() {
            true => kept_pairs(&kept),
            false => Vec::new(),
        };
        for whole in &phases {
            if !self.is_of_report(whole) {
                continue;
            }
            let of_phase = isolated(|| {
                let mut of_phase = self.phase((whole, &phases), &common)?;
                if let Some(report) = &mut of_phase {
                    set_notices(&before, report);
                    let stored = stored_for(whole, &common.records);
                    self.set_record(report, stored, |as_of| {
                        let then = Self {
                            as_of,
                            ..self.clone()
                        };
                        then.phase((whole, &phases), &common)
                    })?;
                    if let Keep::All = keep {
                        self.keep(whole, &common, report)?;
                    }
                }
                Ok(of_phase)
            });
            match of_phase {
                Ok(Some(of_phase)) => {
                    report.phases.push(of_phase);
                    reported.push(whole);
                }
                Ok(None) => {}
                Err(error) if is_of_phase(&error) => {
                    report.unread.push(Unread::new(&whole.phase.name, &error));
                }
                Err(error) => return Err(error),
            }
        }
        if self.has_pairs() {
            self.between(&reported, (&mut report, &common), (keep, &kept))?;
        }
        Ok(report)
    }

    /// Returns whether something else than the store answers questions.
    pub(super) fn has_source(&self) -> bool {
        self.source.is_some()
    }

    /// Returns whether pairs of sets are read: not of one set, nor with facts that the store need not have.
    fn has_pairs(&self) -> bool {
        self.set.is_none() && self.source.is_none()
    }

    /// Sets the notices of interactions between sets that run at the same time.
    fn between(
        &self,
        reported: &[&WholePhase],
        (report, common): (&mut Report, &Common),
        (keep, kept): (&Keep, &AllKept),
    ) -> Result<(), StoreError> {
        let pairs = {
            let all = reported.iter().zip(&report.phases);
            let all = all.map(|(whole, report)| Running { whole, report });
            let running = running(all, self.as_of);
            let plan = |one: &Running<'_>| StatedPlan::of(&one.whole.phase, &common.goals);
            let plans: Vec<StatedPlan> = running.iter().map(plan).collect();
            // A page is not to wait for all of them at once.
            let most = match keep {
                Keep::All => PAIRS,
                Keep::Nothing => usize::MAX,
            };
            let found = self.interactions(&running, &plans, (kept, most))?;
            if let Keep::All = keep {
                for (index, kept) in &found.to_keep {
                    let name = &running[*index].whole.phase.name;
                    self.put(name, INTERACTIONS, (Utc(self.as_of), kept))?;
                }
            }
            found.pairs
        };
        for (whole, phase) in reported.iter().zip(&mut report.phases) {
            if set_notices(&pairs, phase)
                && let Keep::All = keep
            {
                self.keep(whole, common, phase)?;
            }
        }
        Ok(())
    }

    /// Returns whether the report has a phase.
    fn is_of_report(&self, whole: &WholePhase) -> bool {
        self.set.as_ref().is_none_or(|set| whole.is_of_set(set))
    }

    /// Returns the question about a phase.
    pub(super) fn question(&self, whole: &WholePhase, plan: &StatedPlan) -> Question {
        let mut question = whole.question(plan, self.as_of);
        self.leave_out(whole, &mut question);
        question
    }

    /// Reports one phase, as of the time up to which there are answers about it.
    fn phase(
        &self,
        phases: (&WholePhase, &[WholePhase]),
        common: &Common,
    ) -> Result<Option<PhaseReport>, StoreError> {
        let Some(source) = self.source else {
            return self.phase_by(phases, common, |question| self.store.attribute(question));
        };
        let as_of = source.as_of(&phases.0.phase.name, self.as_of)?;
        let then = Self {
            as_of,
            ..self.clone()
        };
        then.phase_by(phases, common, |question| source.attribute(question))
    }

    /// Reports one phase; `None` if the store no longer has the phase. The busiest second is
    /// read only for a mismatch, since it takes a scan of the exposures.
    fn phase_by(
        &self,
        (whole, phases): (&WholePhase, &[WholePhase]),
        common: &Common,
        attribute: impl Fn(&Question) -> Result<Option<Attribution>, StoreError>,
    ) -> Result<Option<PhaseReport>, StoreError> {
        let plan = StatedPlan::of(&whole.phase, &common.goals);
        let mut question = self.question(whole, &plan);
        let caps = match self.source {
            // An engine of a warehouse does not count totals by size.
            Some(_) => Vec::new(),
            None => set_caps(&plan, &mut question, &attribute)?,
        };
        let asked = match self.source {
            // For an engine of a warehouse, each goal is a part of a large join.
            Some(_) => question.clone(),
            None => {
                // The primary goal is the first one.
                let cap = question.goals.first().and_then(|primary| primary.cap);
                let by_age = plan.by_age().into_iter().map(|goal| goal.cap(cap));
                by_age.fold(question.clone(), Question::goal)
            }
        };
        let Some(mut attribution) = attribute(&asked)? else {
            return Ok(None);
        };
        if attribution.goals.len() != asked.goals.len() {
            let message = "an answer has not the goals of its question";
            return Err(StoreError::new(StoreErrorKind::Corrupt, message));
        }
        let by_age = attribution.goals.split_off(question.goals.len());
        let mut facts = PhaseFacts {
            sums: whole.sums(self.store)?,
            latencies: whole.latencies(self.store)?,
            losses: whole.losses(&common.losses),
            // The store need not have the conversions that something else attributes.
            conversions: self
                .source
                .is_none()
                .then(|| Arc::clone(&common.conversions)),
            unplanned: match plan.source() {
                IntentSource::Plan if is_latest(whole, phases) && self.source.is_none() => {
                    common.unplanned.clone()
                }
                _ => Vec::new(),
            },
            overlap: self.overlap((whole, phases), &plan)?,
            busiest: None,
            closed_at: question.closed_at,
            history: self.history(whole, &question),
            as_of: self.as_of,
            decision: stored_for(whole, &common.decided).cloned(),
            recorded_decision: stored_for(whole, &common.recorded).cloned(),
            former_names: whole.former().map(|name| Arc::clone(&name.set)).collect(),
            phase: whole.phase.clone(),
            plan,
            attribution,
            by_age,
            caps,
        };
        let report = PhaseReport::of(&facts)?;
        if !report.health.is_mismatch() {
            return Ok(Some(report));
        }
        facts.busiest = whole.busiest_second(self.store, self.as_of)?;
        PhaseReport::of(&facts).map(Some)
    }

    /// Leaves nothing out, without changes.
    #[cfg(not(feature = "control"))]
    fn leave_out(&self, _: &WholePhase, _: &mut Question) {}

    #[cfg(not(feature = "control"))]
    fn history(&self, _: &WholePhase, _: &Question) -> ChangeHistory {
        ChangeHistory::default()
    }

    /// Returns what the changes of the running test did.
    #[cfg(feature = "control")]
    fn history(&self, whole: &WholePhase, question: &Question) -> ChangeHistory {
        ChangeHistory::read(whole, &self.changes, (self.as_of, &question.calendar))
    }

    /// Leaves out the units that changes of the running test exclude.
    #[cfg(feature = "control")]
    fn leave_out(&self, whole: &WholePhase, question: &mut Question) {
        // A phase whose definition cannot be read has a notice about it.
        let definition = whole.phase.definitions.last();
        let Some(sets) = definition.and_then(|definition| alone(&definition.json, None).ok())
        else {
            return;
        };
        for set in sets.sets() {
            let changes = whole.changes(&self.changes, set.name());
            let state = state(Code::new(set, true), &changes, self.as_of);
            question.closed_at = state.closed_at;
            question.excluded = state
                .excluded
                .iter()
                .map(|span| span.from..span.until)
                .collect();
        }
    }

    /// Reads how many units of the phase are also units of the previous phase of the set, within
    /// the longest window of a goal.
    fn overlap(
        &self,
        (whole, phases): (&WholePhase, &[WholePhase]),
        plan: &StatedPlan,
    ) -> Result<Overlap, StoreError> {
        let name = &whole.phase.name;
        let earlier = phases.iter().filter(|other| {
            let other = &other.phase.name;
            other.set == name.set && other.phase < name.phase
        });
        let plan = plan.plan();
        let windows = plan.metrics().map(|metric| plan.window_of(metric));
        // A store without goals has no window yet. A goal would get the default one.
        let window = windows.max().unwrap_or(Plan::WINDOW);
        let previous = earlier.max_by_key(|other| other.phase.name.phase);
        let previous = previous.map(|previous| (previous, window));
        whole.overlap(self.store, previous, self.as_of)
    }

    /// Reads the data that all phases share.
    fn common(&self, phases: &[WholePhase]) -> Result<Common, StoreError> {
        let conversions = self.store.conversions_by_day(self.as_of)?;
        Ok(Common {
            // A goal that the plan of any set names is planned, so the plans of all sets are read,
            // also for the report of one set.
            unplanned: unplanned(phases, &conversions),
            decided: self.readouts(DECIDED)?,
            recorded: self.readouts(RECORDED)?,
            records: self.readouts(RECORD)?,
            goals: self.store.goals()?,
            losses: self.store.losses()?,
            conversions: Arc::new(conversions),
        })
    }

    /// Returns the read-outs of a kind, as far as they can be read.
    fn readouts<T: DeserializeOwned>(
        &self,
        kind: &str,
    ) -> Result<BTreeMap<PhaseKey, T>, StoreError> {
        let readouts = self.store.readouts(kind)?;
        let read = |readout: &Readout| {
            // A decision that another version stored in another form cannot be compared. That must
            // not prevent a report.
            let read = serde_json::from_str(&readout.json).ok()?;
            Some((key(&readout.phase), read))
        };
        Ok(readouts.iter().filter_map(read).collect())
    }

    /// Stores a read-out of a phase as JSON.
    fn put(
        &self,
        phase: &PhaseName,
        kind: &str,
        (Utc(as_of), report): (Utc, &impl serde::Serialize),
    ) -> Result<(), StoreError> {
        let json = serde_json::to_string(report).map_err(|error| {
            StoreError::new(StoreErrorKind::Other, "a report cannot be written").caused_by(error)
        })?;
        self.store.put_readout(&Readout {
            phase: phase.clone(),
            kind: kind.into(),
            as_of,
            json: json.into(),
        })
    }
}

/// Returns a report without phases, with the other data of the store.
fn empty(store: &dyn Store) -> Result<Report, StoreError> {
    let invalid = store.invalid_rows()?;
    Ok(Report {
        invalid: invalid.iter().map(ToString::to_string).collect(),
        ..Report::default()
    })
}

/// Returns whether a stored report is one of the phase that it is stored for.
fn is_of(report: &PhaseReport, phase: &PhaseName) -> bool {
    *report.set == *phase.set && report.phase == phase.phase
}

/// Returns whether a phase is the latest of its set. Only its report names goals that no plan has.
fn is_latest(whole: &WholePhase, phases: &[WholePhase]) -> bool {
    let name = &whole.phase.name;
    let mut others = phases.iter().map(|other| &other.phase.name);
    !others.any(|other| other.set == name.set && other.phase > name.phase)
}

/// Returns what is stored for a phase. Under a former name, it was stored first.
fn stored_for<'a, T>(whole: &WholePhase, stored: &'a BTreeMap<PhaseKey, T>) -> Option<&'a T> {
    let mut names = whole.former().chain([&whole.phase.name]);
    names.find_map(|name| stored.get(&key(name)))
}

/// Drops the reports of phases under former names, which were stored before their sets were renamed.
fn drop_renamed(report: &mut Report) {
    let renamed = report.phases.iter().flat_map(|phase| {
        let names = phase.former_names.iter();
        names.map(|name| (name.clone(), phase.phase))
    });
    let renamed: HashSet<(String, u32)> = renamed.collect();
    let is_present = |set: &str, phase| !renamed.contains(&(set.to_owned(), phase));
    report
        .phases
        .retain(|phase| is_present(&phase.set, phase.phase));
    report
        .unread
        .retain(|unread| is_present(&unread.set, unread.phase));
}

/// Returns the recorded goals that no plan of any phase names.
fn unplanned(phases: &[WholePhase], conversions: &BTreeMap<(Goal, i32), u64>) -> Vec<Goal> {
    let phases = phases.iter().map(|whole| &whole.phase);
    let logs: Vec<PlanLog> = phases.map(PlanLog::of).collect();
    let planned: HashSet<&str> = logs.iter().flat_map(PlanLog::goals).collect();
    let recorded = conversions.keys().map(|(goal, _)| goal);
    let unplanned = recorded.filter(|goal| !planned.contains(goal.as_str()));
    let mut goals: Vec<Goal> = unplanned.cloned().collect();
    // The keys are sorted by goal and then by day, so equal goals are neighbours.
    goals.dedup();
    goals
}

/// Returns set and number. The kind of units is not a part of it.
fn key(phase: &PhaseName) -> PhaseKey {
    (Arc::clone(&phase.set), phase.phase)
}

/// Whether the error is of one phase, and others can be reported.
pub(super) fn is_of_phase(error: &StoreError) -> bool {
    matches!(
        error.kind(),
        // Any other error, such as a lost connection, affects every phase and ends the report.
        StoreErrorKind::Refused | StoreErrorKind::Corrupt
    )
}
