//! Notices: remarks about validity, recording and the plan.

use crate::{
    figures::count,
    report::{
        Decision, GoalReport, GoalSource, IntentSource, LostEvents, Notice, OTHER_UNIT,
        PhaseReport, Utc, facts::PhaseFacts, plan_log::Moved, total::total,
    },
    stats::{Readout, Warning},
    store::LostReason,
};

use super::{
    AllServed, Lineup, Measured, Pace, Reading,
    beyond::beyond,
    busiest::busiest,
    health::STORE,
    recorded::{never_recorded, unplanned},
    unmatched::Unmatched,
};

/// The p-value up to which losses are called uneven.
const UNEVEN: f64 = 0.01;

/// The length of a window from which it never ends in practice: 20 years.
const ENDLESS_SECONDS: u64 = 20 * 365 * 86_400;

/// The data from which notices are made.
pub(super) struct Noticed<'a> {
    pub(super) facts: &'a PhaseFacts,
    pub(super) lineup: &'a Lineup,
    pub(super) served: &'a AllServed,
    pub(super) pace: &'a Pace,
    pub(super) reading: &'a Reading,
    pub(super) readout: &'a Readout,
}

/// Returns the notices, the most serious first. Those about a single goal come last.
pub(super) fn notices(
    noticed: &Noticed<'_>,
    report: &PhaseReport,
    measured: &[Measured],
) -> Vec<Notice> {
    let warnings = noticed.readout.warnings.iter();
    let mut notices: Vec<Notice> = warnings
        .map(|warning| of_warning(warning, measured))
        .collect();
    notices.extend(noticed.busiest(report));
    notices.extend(noticed.of_definitions(report));
    notices.extend(noticed.of_recording(report));
    notices.extend(noticed.of_plan(report));
    let unmatched = Unmatched::of(noticed.facts);
    for (index, goal) in measured.iter().enumerate() {
        notices.extend(noticed.of_goal(index, &goal.report, &unmatched));
    }
    notices.sort_by_key(|notice| notice.goal.is_some());
    notices
}

impl Notice {
    /// Returns a notice about the whole phase.
    fn new(kind: &str, sentence: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            goal: None,
            track: None,
            sentence: sentence.into(),
            blocks: false,
        }
    }

    /// Returns a notice that questions the validity of the results.
    fn blocking(kind: &str, sentence: impl Into<String>) -> Self {
        Self {
            blocks: true,
            ..Self::new(kind, sentence)
        }
    }

    /// Returns the notice as one about a goal.
    fn of(self, goal: &GoalReport) -> Self {
        Self {
            goal: Some(goal.label.clone()),
            ..self
        }
    }
}

impl Noticed<'_> {
    /// Returns the notice about a second with very many new units, such as from a script.
    fn busiest(&self, report: &PhaseReport) -> Option<Notice> {
        let (track, sentence) = busiest(self.facts, &report.health)?;
        Some(Notice {
            track: Some(track),
            ..Notice::new("busiest-second", sentence)
        })
    }

    /// Returns the notices about definitions: none that can be read, another unit, changes, and
    /// tracks that were switched off.
    fn of_definitions(&self, report: &PhaseReport) -> Vec<Notice> {
        let mut notices = Vec::new();
        if !self.lineup.is_defined {
            notices.push(Notice::blocking("no-definition", NO_DEFINITION));
        }
        let kind = &self.facts.phase.name.kind;
        let mut served = self.served.0.iter();
        let other =
            served.find(|served| served.unit.as_deref().is_some_and(|unit| *unit != **kind));
        notices.extend(other.and_then(|other| {
            let (day, unit) = (other.first_day, other.unit.as_deref()?);
            Some(Notice::blocking(
                OTHER_UNIT,
                format!(
                    "units of two kinds, {kind:?} and {unit:?}, have been counted together since \
                     {day}, so a person who has both is counted twice; begin the next phase"
                ),
            ))
        }));
        let changed = self
            .served
            .0
            .get(1)
            .filter(|_| report.health.weights_changed_on.is_none());
        notices.extend(changed.map(|changed| {
            let day = changed.first_day;
            Notice::new(
                "definition-changed",
                format!(
                    "the definition changed on {day} without a new phase, which can move units to \
                     another track; start a new phase with the next change"
                ),
            )
        }));
        for track in &self.lineup.tracks {
            notices.extend(track.switched_off_on.map(|day| Notice {
                track: Some(track.name.clone()),
                ..Notice::new(
                    "switched-off",
                    format!("switched off on {day}; its units of before are still counted"),
                )
            }));
        }
        notices
    }

    /// Returns the notices about lost events, days without exposures, and units that other parts of
    /// the store share.
    fn of_recording(&self, report: &PhaseReport) -> Vec<Notice> {
        let health = &report.health;
        let uneven = health.uneven_loss.filter(|p| *p <= UNEVEN);
        let all = total(health.lost.iter().map(|lost| lost.n));
        let is_other = |lost: &&LostEvents| lost.reason == LostReason::OtherUnit.as_str();
        let others = total(health.lost.iter().filter(is_other).map(|lost| lost.n));
        let is_refused =
            |lost: &&LostEvents| lost.sink == STORE && lost.reason == LostReason::Ceiling.as_str();
        let refused = total(health.lost.iter().filter(is_refused).map(|lost| lost.n));
        let lost = all.saturating_sub(others).saturating_sub(refused);
        let silent = self.pace.silent_days();
        let overlap = &self.facts.overlap;
        let notices = [
            uneven.map(|_| Notice::blocking("uneven-loss", UNEVEN_LOSS)),
            (lost > 0).then(|| {
                let lost = count(lost);
                Notice::new("lost", format!("{lost} events did not reach a sink"))
            }),
            (refused > 0).then(|| {
                let refused = count(refused);
                Notice::new(
                    "ceiling",
                    format!(
                        "{refused} exposures of new units were not recorded, since the store has \
                         reached its ceiling; the units are a random sample"
                    ),
                )
            }),
            (others > 0).then(|| {
                let others = count(others);
                Notice::blocking(
                    OTHER_UNIT,
                    format!(
                        "{others} exposures were not recorded, since the unit of the set changed \
                         from {:?} to another within this phase; begin the next phase",
                        &*self.facts.phase.name.kind
                    ),
                )
            }),
            (silent > 0).then(|| Notice::new("silent-days", silent_days(silent))),
            (overlap.of_previous_phase > 0).then(|| {
                let units = count(overlap.of_previous_phase);
                Notice::blocking(
                    "previous-phase",
                    format!(
                        "{units} units were in the previous phase within its window, and may still \
                         convert because of it; wait between phases, or choose another salt"
                    ),
                )
            }),
            (overlap.users_in_several_tracks > 0).then(|| {
                let users = count(overlap.users_in_several_tracks);
                Notice::blocking(
                    "users-in-several-tracks",
                    format!(
                        "{users} users saw two tracks through several visitors; a set by user keeps \
                         each of them in one"
                    ),
                )
            }),
        ];
        notices.into_iter().flatten().collect()
    }

    /// Returns the notices about the plan: parts that changed too late, unknown time zones, and
    /// goals without a plan.
    fn of_plan(&self, report: &PhaseReport) -> Vec<Notice> {
        let (moved, zone) = (&self.reading.moved, self.facts.plan.zone());
        let is_alone = self.facts.plan.source() == IntentSource::Goals && report.units > 0;
        let is_alone = is_alone && self.facts.plan.plan().primary_metric().is_some();
        let notices = [
            moved.units.map(|at| {
                let what = match report.decision {
                    Some(_) => "had decided, which changes nothing",
                    None => "began, so no plan decides and intervals are valid at every look",
                };
                let day = zone.day(at);
                Notice::new(
                    "plan-moved",
                    format!(
                        "the planned number of units was set or changed on {day}, after the plan \
                         {what}"
                    ),
                )
            }),
            moved.primary.map(|at| {
                let sentence = format!(
                    "the primary goal was named or changed on {}, after the first exposure, so it \
                     is exploratory; confirm it in a new phase",
                    zone.day(at)
                );
                Notice::new("primary-moved", sentence)
            }),
            zone.unknown.as_deref().map(unknown_zone),
            self.facts.plan.log().moved_time_zone().map(|(at, _)| {
                let sentence = format!(
                    "the time zone of the plan changed on {}, after the first exposure; days stay \
                     in {} until the next phase",
                    zone.day(at),
                    zone.name
                );
                Notice::new("time-zone-moved", sentence)
            }),
            is_alone.then(|| Notice::new("no-plan", NO_PLAN)),
            unplanned(self.facts).map(|sentence| Notice::new("unplanned-goals", sentence)),
            self.changed_facts(report.decision.as_ref()),
            self.facts.recorded_decision.as_ref().map(|recorded| {
                let Utc(at) = recorded.as_of;
                let day = zone.day(at);
                let sentence = format!(
                    "an earlier version read this plan on {day}, also of units that still had time \
                     to convert; its reading is kept beside this one"
                );
                Notice::new("recorded-decision", sentence)
            }),
        ];
        notices.into_iter().flatten().collect()
    }

    /// Returns the notice that facts changed after the decision: the facts now decide otherwise
    /// than the stored decision. A sentence that only another version words otherwise is no change.
    fn changed_facts(&self, decision: Option<&Decision>) -> Option<Notice> {
        let recorded = self.facts.decision.as_ref()?;
        // A plan that moved decides nothing any more, and that is said.
        if decision.is_none() && self.reading.moved != Moved::default() {
            return None;
        }
        let then = recorded
            .tracks
            .iter()
            .map(|track| format!("{}: {}", track.track, track.sentence));
        let then: Vec<String> = then.collect();
        (decision.map(unworded) != Some(unworded(recorded))).then(|| {
            let sentence = format!(
                "facts changed after the decision of {}, as by an import or an erasure; it read: {}",
                self.facts.plan.zone().day(recorded.decided_at.0),
                then.join("; ")
            );
            Notice::blocking("facts-changed", sentence)
        })
    }

    /// Returns the notices about one goal.
    fn of_goal(&self, index: usize, goal: &GoalReport, unmatched: &Unmatched<'_>) -> Vec<Notice> {
        let is_endless = goal
            .window_seconds
            .is_some_and(|seconds| seconds >= ENDLESS_SECONDS);
        let shortly = self.facts.attribution.goals.get(index);
        let shortly = shortly.map_or(0, |goal| goal.shortly_before);
        let notices = [
            is_endless.then(|| Notice::new("endless-window", ENDLESS)),
            (goal.open > 0 && !is_endless).then(|| open_windows(goal)),
            (shortly > 0).then(|| {
                let sentence = format!(
                    "{} conversions were recorded up to a minute before the exposure of their unit \
                     and do not count; compare the clocks, and read the track before the goal",
                    count(shortly)
                );
                Notice::blocking("shortly-before", sentence)
            }),
            unmatched
                .asked
                .get(index)
                .and_then(|asked| never_recorded(self.facts, asked))
                .map(|sentence| Notice::new("never-recorded", sentence)),
            unmatched.count(index).map(|n| {
                let sentence = format!(
                    "{} conversions belong to no unit that was exposed before; look for a misspelt \
                     goal, a sign-in without an alias, or a goal recorded before the track is read",
                    count(n)
                );
                Notice::blocking("unmatched", sentence)
            }),
            beyond(goal).map(|sentence| Notice::blocking("beyond-bound", sentence)),
            self.is_uneven(goal)
                .then(|| Notice::new("uneven-shares", UNEVEN_SHARES)),
        ];
        let notices = notices.into_iter().flatten();
        notices.map(|notice| notice.of(goal)).collect()
    }

    /// Returns whether a sum is compared between tracks of which one is at least twice as large as
    /// another. Rates are not affected.
    fn is_uneven(&self, goal: &GoalReport) -> bool {
        let is_sum = matches!(
            goal.source,
            GoalSource::Count { .. } | GoalSource::Value { .. } | GoalSource::Ratio { .. }
        );
        let weights = self.lineup.tracks.iter().filter_map(|track| track.weight);
        let weights: Vec<u64> = weights.filter(|weight| *weight > 0).collect();
        let (least, most) = (weights.iter().min(), weights.iter().max());
        let ratio = least
            .zip(most)
            .map(|(least, most)| *most as f64 / *least as f64);
        is_sum && ratio.is_some_and(|ratio| ratio >= 2.0)
    }
}

/// Returns a decision with the figures of each sentence in place of its words.
fn unworded(decision: &Decision) -> Decision {
    let mut decision = decision.clone();
    for track in &mut decision.tracks {
        track.sentence = figures(&track.sentence);
    }
    decision
}

/// Returns the figures of a sentence, sorted, since another wording may have another order.
fn figures(sentence: &str) -> String {
    let is_figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-');
    let figures = sentence.split(|c| !is_figure(c));
    let figures = figures.map(|figure| figure.trim_end_matches(['.', ',', '-']));
    let mut figures: Vec<&str> = figures.filter(|figure| !figure.is_empty()).collect();
    figures.sort_unstable();
    figures.join(" ")
}

const NO_DEFINITION: &str = "no definition of the phase is stored that can be read, so the sample \
    ratio cannot be judged";

const UNEVEN_LOSS: &str = "more events were lost of one track than of another, which may look like \
    an effect";

const NO_PLAN: &str = "no goal was named before the start; this one is primary because it is the \
    only one. Name a primary goal in the plan of the next phase";

const ENDLESS: &str = "the window has no end, so no unit is ever closed and there is no verdict; \
    set a window in the plan";

const UNEVEN_SHARES: &str = "the tracks have uneven shares, so sums are judged with care; use even \
    shares, a cap, or a rate";

/// Returns the notice about a time zone that the bundled database does not have.
fn unknown_zone(name: &str) -> Notice {
    let sentence = format!(
        "the time zone {name:?} of the plan is not known, so days are in UTC; name one such as \
         \"Europe/Berlin\" in the plan of the next phase"
    );
    Notice::new("unknown-time-zone", sentence)
}

/// Returns the sentence about days without a first exposure.
fn silent_days(days: u64) -> String {
    match days {
        1 => {
            "no unit was first exposed on 1 day in between; check that nothing was down".to_owned()
        }
        days => format!(
            "no unit was first exposed on {} days in between; check that nothing was down",
            count(days)
        ),
    }
}

/// Returns the notice about units that still have time to convert.
fn open_windows(goal: &GoalReport) -> Notice {
    let until = goal.open_until.map(|until| format!(" until {until}"));
    let sentence = format!(
        "{} units still have time to convert{}; the verdict leaves them out",
        count(goal.open),
        until.unwrap_or_default()
    );
    Notice::new("open-windows", sentence)
}

/// Returns the notice of a warning of the statistics, with the labels of its goal and track.
fn of_warning(warning: &Warning, measured: &[Measured]) -> Notice {
    let (kind, blocks, (goal, track)) = named(warning);
    let report = goal.and_then(|goal| Some(&measured.get(goal)?.report));
    let tracks = report.or(measured.first().map(|goal| &goal.report));
    let track = track.and_then(|track| tracks?.tracks.get(track));
    Notice {
        goal: report.map(|report| report.label.clone()),
        track: track.map(|track| track.track.clone()),
        blocks,
        ..Notice::new(kind, warning.to_string())
    }
}

/// The goal and the track that a warning is about.
type Place = (Option<usize>, Option<usize>);

/// The kind of a warning, whether it is about validity, and its place.
fn named(warning: &Warning) -> (&'static str, bool, Place) {
    const ALL: Place = (None, None);
    let at = |goal: &usize, track: &usize| (Some(*goal), Some(*track));
    match warning {
        Warning::Mismatch { .. } => ("mismatch", true, ALL),
        Warning::SuspectedMismatch { .. } => ("suspected-mismatch", true, ALL),
        Warning::Stray { .. } => ("stray", true, ALL),
        Warning::Crossed { .. } => ("crossed", true, ALL),
        Warning::CrossedUnevenly { track } => ("crossed-unevenly", true, (None, Some(*track))),
        Warning::CrossedConverters { goal } => ("crossed-converters", true, (Some(*goal), None)),
        Warning::CrossedMatter { goal, track } => ("crossed-matter", true, at(goal, track)),
        Warning::WeightsChanged => ("weights-changed", true, ALL),
        Warning::BeforePlan { .. } => ("before-plan", false, ALL),
        Warning::FoundEarly { goal, track } => ("found-early", false, at(goal, track)),
        Warning::LessThanAWeek { .. } => ("less-than-a-week", false, ALL),
        Warning::Weekdays { .. } => ("weekdays", false, ALL),
        Warning::ManyComparisons { .. } => ("many-comparisons", false, ALL),
        Warning::TooGood { goal, track, .. } => ("too-good", true, at(goal, track)),
        Warning::OneUnit { goal, track, .. } => ("one-unit", false, at(goal, track)),
        Warning::Coin { goal, track, .. } => ("coin", true, at(goal, track)),
    }
}
