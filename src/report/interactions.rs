//! Interactions between sets that run at the same time.
//!
//! Each pair of sets needs a scan of both. So a report that is refreshed every minute reads a pair once a day.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    assign::Metric,
    store::{AskedGoal, StoreError, Timestamp, WholePhase},
};

use super::{
    Notice, PhaseReport, Reporter, Utc,
    compute::{
        interactions::{Contrast, INTERACTION, Pair, contrasts, found},
        parts,
    },
    isolated::isolated,
    plan::{Defined, StatedPlan},
    reporter::is_of_phase,
};

/// The most sets of which all pairs are compared: those with the most units.
const SETS: usize = 8;

/// The fewest units of a set that is compared: four cells with a hundred each.
const LEAST: u64 = 400;

/// How long ago the last exposure of a set may be that still runs.
const RECENT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long the contrasts of a pair are used again.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// A phase in the report, with its plan.
pub(super) struct Running<'a> {
    pub(super) whole: &'a WholePhase,
    pub(super) report: &'a PhaseReport,
}

/// The pairs of a phase, as they are stored for it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Kept {
    pairs: Vec<Pair>,
}

/// The read-outs of pairs, by the set and the number of the phase.
pub(super) type AllKept = BTreeMap<(Arc<str>, u32), Kept>;

/// What was read about pairs.
pub(super) struct Interactions {
    pub(super) pairs: Vec<Pair>,
    /// What is to be stored, with the index of its phase among the running ones.
    pub(super) to_keep: Vec<(usize, Kept)>,
}

/// Returns the phases whose sets still run, and that can be compared: those with the most units, sorted by set.
pub(super) fn running<'a>(
    all: impl Iterator<Item = Running<'a>>,
    as_of: Timestamp,
) -> Vec<Running<'a>> {
    let mut latest: BTreeMap<&str, Running<'a>> = BTreeMap::new();
    for one in all {
        let known = latest.get(&*one.report.set);
        if known.is_none_or(|known| known.report.phase < one.report.phase) {
            latest.insert(&one.report.set, one);
        }
    }
    let is_compared = |one: &Running<'_>| {
        let last = one.report.last_exposure;
        let is_recent = last.is_some_and(|Utc(last)| as_of <= last.plus(RECENT));
        let is_readable =
            one.report.covered.is_none() && one.report.health.weights_changed_on.is_none();
        // Units that are held out are in no other set.
        let is_holdout = Defined::latest(&one.whole.phase).is_some_and(|defined| defined.holdout);
        is_recent && is_readable && !is_holdout && one.report.units >= LEAST
    };
    let mut running: Vec<Running<'a>> = latest.into_values().filter(is_compared).collect();
    running.sort_by_key(|one| Reverse(one.report.units));
    running.truncate(SETS);
    running.sort_by(|one, other| one.report.set.cmp(&other.report.set));
    running
}

impl Running<'_> {
    fn name(&self) -> (String, u32) {
        let name = &self.whole.phase.name;
        (name.set.to_string(), name.phase)
    }
}

impl Reporter<'_> {
    /// Reads the contrasts of all pairs of running sets, or takes those that were kept. At most so many are read anew;
    /// of the others, what was kept is used once more.
    pub(super) fn interactions(
        &self,
        running: &[Running<'_>],
        plans: &[StatedPlan],
        (kept, most): (&AllKept, usize),
    ) -> Result<Interactions, StoreError> {
        let mut all = Interactions {
            pairs: Vec::new(),
            to_keep: Vec::new(),
        };
        let mut read = 0;
        for (index, one) in running.iter().enumerate() {
            let mut pairs = Vec::new();
            let before = read;
            for (other, their_plan) in running.iter().zip(plans).skip(index + 1) {
                if other.report.unit != one.report.unit {
                    continue;
                }
                let sets = [one.name(), other.name()];
                let known = kept.values().flat_map(|kept| &kept.pairs);
                let known = known.filter(|pair| pair.is_of(&sets) && pair.as_of.0 <= self.as_of);
                let known = known.max_by_key(|pair| pair.as_of);
                let is_fresh = |pair: &Pair| self.as_of < pair.as_of.0.plus(KEPT);
                match known {
                    Some(known) if is_fresh(known) || read >= most => pairs.push(known.clone()),
                    _ if read >= most => {}
                    _ => {
                        read += 1;
                        pairs.push(self.pair([one, other], [&plans[index], their_plan])?);
                    }
                }
            }
            all.pairs.extend(pairs.iter().cloned());
            if read > before {
                all.to_keep.push((index, Kept { pairs }));
            }
        }
        Ok(all)
    }

    /// Reads the contrasts of two sets. If they cannot be read, there are none: that is no reason to have no report of
    /// either.
    fn pair(&self, sets: [&Running<'_>; 2], plans: [&StatedPlan; 2]) -> Result<Pair, StoreError> {
        let contrasts = match isolated(|| self.contrasts(sets, plans)) {
            Ok(contrasts) => contrasts,
            Err(error) if is_of_phase(&error) => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(Pair {
            sets: sets.map(Running::name),
            as_of: Utc(self.as_of),
            contrasts,
        })
    }

    /// Returns nothing without a primary goal.
    fn contrasts(
        &self,
        [one, other]: [&Running<'_>; 2],
        plans: [&StatedPlan; 2],
    ) -> Result<Vec<Contrast>, StoreError> {
        let goals = primary_goals([(plans[0], one.report), (plans[1], other.report)]);
        if goals.is_empty() {
            return Ok(Vec::new());
        }
        let (asked, metrics): (Vec<AskedGoal>, Vec<&Metric>) = goals.into_iter().unzip();
        let mut question = self.question(one.whole, plans[0]);
        let others = self.question(other.whole, plans[1]);
        question.goals = asked;
        question.beside = others.names().cloned().collect();
        let closed = others.closed_at.map(|at| at..Timestamp::MAX);
        question.beside_left_out = others.excluded.into_iter().chain(closed).collect();
        let attribution = self.store.attribute(&question)?;
        attribution.map_or(Ok(Vec::new()), |attribution| {
            contrasts(&metrics, &attribution, [one.report, other.report])
        })
    }
}

/// Returns the primary goals of two plans, once if they are the same, with the caps of their reports.
fn primary_goals<'p>(sets: [(&'p StatedPlan, &PhaseReport); 2]) -> Vec<(AskedGoal, &'p Metric)> {
    let mut goals: Vec<(AskedGoal, &Metric)> = Vec::new();
    for (plan, report) in sets {
        let Some((asked, metric)) = plan.primary() else {
            continue;
        };
        let cap = report.primary().and_then(|goal| goal.cap);
        let asked = asked.cap(cap.map(|cap| (cap * parts(metric.kind())).round() as i64));
        if goals.iter().all(|(known, _)| *known != asked) {
            goals.push((asked, metric));
        }
    }
    goals
}

/// Replaces the notices of interactions in a report, and returns whether they are others now.
pub(super) fn set_notices(pairs: &[Pair], report: &mut PhaseReport) -> bool {
    let is_it = |set: &str, phase: u32| *report.set == *set && report.phase == phase;
    let found = found(pairs).into_iter();
    let found = found.filter(|((set, phase), _)| is_it(set, *phase));
    let found: Vec<Notice> = found.map(|(_, notice)| notice).collect();
    let known = report
        .notices
        .extract_if(.., |notice| notice.kind == INTERACTION);
    let known: Vec<Notice> = known.collect();
    let is_other = known != found;
    report.notices.extend(found);
    is_other
}

/// Returns the pairs that were kept of two phases that are both in the report.
pub(super) fn kept_pairs(kept: &AllKept) -> Vec<Pair> {
    kept.values()
        .flat_map(|kept| kept.pairs.iter().cloned())
        .collect()
}
