//! The report of a phase, from its facts to the finished data.

use crate::{
    report::{
        Answer, Day, Decision, GoalReport, GoalRole, Health, Intent, PhaseReport, Progress,
        SeriesDay, Utc, facts::PhaseFacts, total::total,
    },
    stats::{GoalReadout, NoAnswer, PowerAnalysis, SetCounts, SetReadout, Test, Verdict, read},
    store::{Calendar, StoreError, StoreErrorKind},
};

use super::{
    ALPHA, AllServed, Lineup, Measured, Pace, Reading,
    ages::ages,
    periods::periods,
    segments::segments,
    series::{by_day, by_look},
};

impl PhaseReport {
    /// Computes the report of a phase from its facts.
    ///
    /// It depends only on the facts: every computation yields the same report.
    ///
    /// # Errors
    ///
    /// When the sums of a goal are larger than those of any facts, as of a foreign store.
    ///
    /// ```
    /// use tower_tracks::{
    ///     report::{PhaseFacts, PhaseReport},
    ///     store::StoreError,
    /// };
    ///
    /// fn print(facts: &PhaseFacts) -> Result<(), StoreError> {
    ///     println!("{}", PhaseReport::of(facts)?.to_text());
    ///     Ok(())
    /// }
    /// ```
    pub fn of(facts: &PhaseFacts) -> Result<Self, StoreError> {
        Draft::new(facts)?.report()
    }
}

/// A report in the making.
pub(super) struct Draft<'a> {
    pub(super) facts: &'a PhaseFacts,
    pub(super) served: AllServed,
    pub(super) lineup: Lineup,
    pub(super) pace: Pace<'a>,
    pub(super) reading: Reading,
    /// The test of goals that are valid at every look.
    pub(super) test: Test,
    /// The goals, then the sums over requests.
    pub(super) measured: Vec<Measured>,
    pub(super) readout: SetReadout,
    pub(super) decision: Option<Decision>,
}

impl<'a> Draft<'a> {
    /// Measures the goals up to three times: as the plan says; without looks, if the plan was
    /// changed before it decided; and as of the midnight of the decision, if it decided.
    fn new(facts: &'a PhaseFacts) -> Result<Self, StoreError> {
        let served = AllServed::of(facts);
        let reading = Reading::of(facts);
        let mut draft = Self {
            lineup: Lineup::of(&facts.phase, &facts.attribution, &served),
            pace: Pace::of(facts),
            test: reading.test().map_err(impossible)?,
            facts,
            served,
            reading,
            measured: Vec::new(),
            readout: SetReadout::default(),
            decision: None,
        };
        draft.measure()?;
        if draft.decision().is_none() && draft.reading.moved.units.is_some() {
            // The plan was changed before it decided, so each look is valid by itself.
            draft.reading.planned = None;
            draft.measure()?;
        }
        if let Some(decision) = draft.decision() {
            // The other goals are read as of the same midnight.
            draft.reading.decided = Some(draft.day(&decision).0);
            draft.decision = Some(decision);
            draft.measure()?;
        }
        Ok(draft)
    }

    /// Counts the goals and the requests, and has the statistics read them.
    fn measure(&mut self) -> Result<(), StoreError> {
        self.measured = Measured::goals(self)?;
        let requests = Measured::requests(&self.lineup, &self.facts.sums);
        self.measured.extend(requests);
        let p95 = Measured::p95(&self.lineup, &self.facts.latencies, &self.test);
        self.measured.extend(p95);
        self.readout = read(&self.counts(), &self.test).map_err(impossible)?;
        Ok(())
    }

    /// Returns the counts of the set, as the statistics take them.
    fn counts(&self) -> SetCounts {
        let crossed = self.lineup.tracks.iter().map(|track| track.crossed);
        let goals = self.measured.iter().map(|goal| goal.counts.clone());
        let periods = self.lineup.periods(&self.served);
        SetCounts {
            tracks: self.lineup.headcounts(),
            crossed: crossed.collect(),
            stray: match periods.is_empty() {
                // Those in tracks of weight 0 are counted by statistics.
                true => self.lineup.outside,
                false => self.lineup.stray,
            },
            periods,
            weights_changed: self.served.weights_changed().is_some(),
            days: self.pace.days(),
            weekdays: self.pace.weekdays(),
            goals: goals.collect(),
        }
    }

    /// Returns the goal that a plan decides, with its readout; `None` without such a plan.
    fn planned(&self) -> Option<(&Measured, &GoalReadout)> {
        let mut goals = self.measured.iter().zip(&self.readout.goals);
        goals.find(|(goal, _)| goal.counts.plan.is_some())
    }

    /// Returns the decision of the primary goal, if its plan decided.
    fn decision(&self) -> Option<Decision> {
        let (measured, readout) = self.planned()?;
        Decision::of(measured, readout)
    }

    /// Returns the day at whose midnight a plan decided.
    fn day(&self, decision: &Decision) -> Day {
        self.facts.plan.zone.day(decision.decided_at.0)
    }

    /// Returns the calendar of the days of the report.
    pub(super) fn calendar(&self) -> &Calendar {
        &self.facts.plan.zone.calendar
    }

    /// Builds the report. Notices come before the goals are judged, since judging consumes the
    /// counts; sentences are completed at the end.
    fn report(self) -> Result<PhaseReport, StoreError> {
        let health = Health::of(&self);
        let covered = match health.sample_ratio.known() {
            Some(ratio) if health.is_mismatch() => Some(Verdict::Mismatch { p: ratio.p }),
            _ => None,
        };
        let covered = covered.map(|verdict| verdict.to_string());
        let phase = &self.facts.phase.name;
        let mut report = PhaseReport {
            set: phase.set.to_string(),
            former_names: self
                .facts
                .former_names
                .iter()
                .map(ToString::to_string)
                .collect(),
            phase: phase.phase,
            unit: phase.kind.to_string(),
            as_of: Utc(self.facts.as_of),
            time_zone: self.facts.plan.time_zone().to_owned(),
            first_day: self.pace.first_day(),
            last_day: self.pace.last_day(),
            last_exposure: self.facts.attribution.exposed.map(|(_, last)| Utc(last)),
            days: self.pace.days(),
            units: self.lineup.units(),
            yesterday: self.pace.yesterday(),
            daily: self.pace.daily(),
            intent: self.intent(),
            notices: self.notices(&health),
            tracks: self.lineup.tracks.clone(),
            goals: Vec::new(),
            decision: self.decision.clone(),
            decided_on: self.decision.as_ref().map(|decision| self.day(decision)),
            recorded_decision: self.facts.recorded_decision.clone(),
            requests: Vec::new(),
            // A chart would show the comparisons that a mismatch or changed weights hide.
            series: match covered.is_some() || health.weights_changed_on.is_some() {
                true => Vec::new(),
                false => self.series()?,
            },
            periods: match covered {
                Some(_) => Vec::new(),
                None => periods(&self)?,
            },
            // Of changed weights, each period would have to be read by itself.
            by_age: match covered.is_some() || health.weights_changed_on.is_some() {
                true => Vec::new(),
                false => ages(&self)?,
            },
            segments: match covered.is_some() || health.weights_changed_on.is_some() {
                true => None,
                false => segments(&self)?,
            },
            changes: self.facts.history.changes.clone(),
            shipped: self.facts.history.shipped.clone(),
            record: None,
            health,
            covered,
        };
        self.judge(&mut report);
        report.complete_sentences();
        Ok(report)
    }

    /// Returns the plan as the report shows it.
    fn intent(&self) -> Intent {
        let plan = self.facts.plan.plan();
        Intent {
            source: self.facts.plan.source(),
            owner: plan.owned_by().to_owned(),
            hypothesis: plan.thought().to_owned(),
            start: plan.planned_start().map(|start| Utc(start.into())),
            progress: self.reading.planned.map(|units| self.progress(units)),
            stop_if_harmed: plan.stops_if_harmed(),
        }
    }

    /// Returns the progress of a plan at the units that were read.
    fn progress(&self, planned: u64) -> Progress {
        let cells = self.planned().map(|(goal, read)| goal.read_cells(read));
        let cells = cells.iter().flatten();
        let closed = total(cells.map(|cell| cell.counted.units()));
        let plan = self.facts.plan.plan();
        let window = plan.primary_metric().map(|metric| plan.window_of(metric));
        let days = window.unwrap_or_default().as_secs_f64() / 86_400.0;
        let mut progress = self.pace.progress(planned, closed, days);
        // A plan that decided early never reaches its number of units, and does not need to.
        if self.decision.is_some() {
            progress.days_left = Answer::Known(0.0);
        }
        progress
    }

    /// Returns the series of the primary goal: the looks of a plan, otherwise the days.
    fn series(&self) -> Result<Vec<SeriesDay>, StoreError> {
        if let Some((measured, readout)) = self.planned() {
            return Ok(by_look(measured, readout));
        }
        let mut asked = self.reading.asked(self.facts);
        let test = self.test.among(self.lineup.comparisons());
        match asked.find(|asked| asked.role == GoalRole::Primary) {
            Some(asked) => by_day(asked, &self.lineup, &test),
            None => Ok(Vec::new()),
        }
    }

    /// Writes down the goals and the sums over requests.
    fn judge(self, report: &mut PhaseReport) {
        let comparisons = self.lineup.comparisons();
        let power = PowerAnalysis::always_valid(ALPHA, self.reading.tuned_for);
        let judged = self.measured.into_iter().zip(&self.readout.goals);
        let judged = judged.map(|(goal, read)| match goal.report.role {
            // The statistics share the level among the tracks for a primary goal alone, so only its
            // effects have to be larger.
            GoalRole::Primary => goal.judged(read, &power.among(comparisons)),
            _ => goal.judged(read, &power),
        });
        (report.requests, report.goals) = judged.partition(GoalReport::is_of_requests);
    }
}

/// The facts of the phase have no report; those of others may.
fn impossible(why: NoAnswer) -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, why.to_string())
}
