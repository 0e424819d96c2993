use crate::{
    record::StoreError,
    report::{GoalReport, GoalRole, Health, Intent, PhaseFacts, PhaseReport, Utc},
    stats::{Mode, NoAnswer, Readout, SetCounts, Test, Verdict, Warning, read},
};

use super::{ALPHA, Lineup, Measured, Pace, notices::notices, series::series};

impl PhaseReport {
    /// Makes the report of a phase of what is known of it.
    ///
    /// # Errors
    ///
    /// When the sums of a goal are beyond 128 bits.
    pub fn of(facts: &PhaseFacts) -> Result<Self, StoreError> {
        Drafted::new(facts)?.report()
    }
}

/// A report in the making.
struct Drafted<'a> {
    facts: &'a PhaseFacts,
    lineup: Lineup,
    pace: Pace,
    /// How the goals are looked at.
    mode: Mode,
    /// The goals, then the sums over requests.
    measured: Vec<Measured>,
    /// How many of them are goals.
    goals: usize,
}

impl<'a> Drafted<'a> {
    fn new(facts: &'a PhaseFacts) -> Result<Self, StoreError> {
        let lineup = Lineup::of(&facts.phase, &facts.attribution);
        let mut measured = Measured::goals(&facts.plan, &lineup, &facts.attribution.goals)?;
        let goals = measured.len();
        measured.extend(Measured::requests(&lineup, &facts.sums));
        let planned = facts.plan.plan().planned_units().filter(|units| *units > 0);
        Ok(Self {
            pace: Pace::of(&facts.attribution, facts.as_of),
            mode: match decision(facts) {
                // A plan is read once. What is looked at later has to be valid at every look.
                Some(_) => Mode::default(),
                None => planned.map_or(Mode::default(), Mode::planned),
            },
            facts,
            lineup,
            measured,
            goals,
        })
    }

    fn report(self) -> Result<PhaseReport, StoreError> {
        let readout = self.read().map_err(impossible)?;
        let test = self.mode.test(ALPHA, readout.units).map_err(impossible)?;
        let covered = covered(&readout);
        let mut health = Health::of(self.facts, &self.lineup, &readout);
        health.add_alarms(&readout, &self.measured);
        let phase = &self.facts.phase.name;
        let mut report = PhaseReport {
            set: phase.set.to_string(),
            phase: phase.phase,
            unit: phase.kind.to_string(),
            as_of: Utc(self.facts.as_of),
            first_day: self.pace.first_day(),
            days: self.pace.days(),
            units: self.lineup.units(),
            intent: self.intent(),
            notices: notices(&readout, &self.measured, (&self.lineup, &health)),
            health,
            series: match covered {
                Some(_) => Vec::new(),
                None => self.series()?,
            },
            covered,
            tracks: self.lineup.tracks.clone(),
            goals: Vec::new(),
            decided_at: None,
            requests: Vec::new(),
        };
        self.judge(&mut report, &readout, &test);
        Ok(report)
    }

    fn read(&self) -> Result<Readout, NoAnswer> {
        let counts = SetCounts {
            tracks: self.lineup.headcounts(),
            crossed: self.facts.attribution.crossed,
            stray: self.lineup.outside,
            days: self.pace.days(),
            changed: self.facts.phase.definitions.len() > 1,
            goals: self.measured.iter().map(Measured::counts).collect(),
        };
        read(&counts, self.mode, ALPHA)
    }

    fn intent(&self) -> Intent {
        let plan = self.facts.plan.plan();
        let planned = plan.planned_units().filter(|units| *units > 0);
        let units = self.lineup.units();
        Intent {
            source: self.facts.plan.source(),
            owner: plan.owned_by().to_owned(),
            hypothesis: plan.thought().to_owned(),
            start: plan.planned_start().map(|start| Utc(start.into())),
            progress: planned.map(|planned| self.pace.progress(planned, units)),
        }
    }

    fn series(&self) -> Result<Vec<crate::report::SeriesDay>, StoreError> {
        let cells = self.facts.attribution.goals.first();
        let primary = self.facts.plan.metrics().next().zip(cells);
        let primary = primary.filter(|((role, _), _)| *role == GoalRole::Primary);
        let Some(((_, metric), cells)) = primary else {
            return Ok(Vec::new());
        };
        let test = Test::always_valid(ALPHA).map_err(impossible)?;
        let test = test.among(self.lineup.comparisons());
        series(cells, metric.kind(), &self.lineup, &test)
    }

    /// Writes down the goals, as they were read when the plan was reached, or as they are now.
    fn judge(self, report: &mut PhaseReport, readout: &Readout, test: &Test) {
        let comparisons = self.lineup.comparisons();
        let judged = self.measured.into_iter().zip(&readout.goals);
        let among = |goal: &Measured| match goal.report.role {
            GoalRole::Primary => comparisons,
            _ => 1,
        };
        let judged = judged.map(|(goal, read)| {
            let comparisons = among(&goal);
            goal.judged(read, test, comparisons)
        });
        report.goals = judged.collect();
        report.requests = report.goals.split_off(self.goals);
        let is_due = matches!(self.mode, Mode::Planned { units, .. } if readout.units >= units);
        match decision(self.facts).filter(|_| report.covered.is_none()) {
            Some(decision) => {
                report.goals.clone_from(&decision.goals);
                report.decided_at = decision.decided_at;
            }
            None if is_due && is_read(&report.goals) => report.decided_at = Some(report.as_of),
            None => {}
        }
    }
}

/// Returns the report of when the plan was reached, unless another number of units is planned now.
fn decision(facts: &PhaseFacts) -> Option<&PhaseReport> {
    let is_past = |decision: &&PhaseReport| decision.as_of.0 <= facts.as_of;
    let decision = facts.decision.as_ref().filter(is_past)?;
    let planned = decision
        .intent
        .progress
        .as_ref()
        .map(|progress| progress.planned);
    (planned.is_some() && planned == facts.plan.plan().planned_units()).then_some(decision)
}

/// Whether the first goal was read, rather than its data found wanting.
fn is_read(goals: &[GoalReport]) -> bool {
    let tracks = goals.first().into_iter().flat_map(|goal| &goal.tracks);
    let mut verdicts = tracks.filter_map(|track| track.verdict.as_ref());
    verdicts.any(|verdict| verdict.kind.is_read())
}

/// Returns the sentence of a mismatch, which covers all goals.
fn covered(readout: &Readout) -> Option<String> {
    let mismatch = |warning: &Warning| match *warning {
        Warning::Mismatch { p } => Some(Verdict::Mismatch { p }),
        _ => None,
    };
    let verdict = readout.warnings.iter().find_map(mismatch);
    verdict.map(|verdict| verdict.to_string())
}

fn impossible(why: NoAnswer) -> StoreError {
    StoreError::new(crate::record::StoreErrorKind::Other, why.to_string())
}
