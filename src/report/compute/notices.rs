//! Notices: remarks about validity, recording and the plan.

use crate::{
    figures::count,
    report::{
        Day, Decision, GoalReport, Health, IntentSource, LostEvents, Notice, OTHER_UNIT, Utc,
        plan_log::Moved, total::total,
    },
    stats::Warning,
    store::{LostReason, Timestamp},
};

use super::{
    Draft, Measured,
    busiest::busiest,
    health::STORE,
    recorded::{RecordedGoals, unplanned},
    served::Served,
};

/// The p-value up to which losses are called uneven.
const UNEVEN: f64 = 0.01;

/// The length of a window from which it never ends in practice: 20 years.
const ENDLESS_SECONDS: u64 = 20 * 365 * 86_400;

impl Notice {
    /// Returns a notice about the whole phase.
    pub(super) fn new(kind: &str, sentence: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            goal: None,
            track: None,
            sentence: sentence.into(),
            blocks: false,
        }
    }

    /// Returns a notice that questions the validity of the results.
    pub(super) fn blocking(kind: &str, sentence: impl Into<String>) -> Self {
        Self {
            blocks: true,
            ..Self::new(kind, sentence)
        }
    }

    /// Returns a notice with a number in its sentence, unless the number is 0.
    fn counted(n: u64, notice: impl FnOnce(String) -> Self) -> Option<Self> {
        (n > 0).then(|| notice(count(n)))
    }

    /// Returns the notice as one about a track.
    pub(super) fn of_track(self, track: &str) -> Self {
        Self {
            track: Some(track.to_owned()),
            ..self
        }
    }
}

impl Draft<'_> {
    /// Returns the notices, the most serious first. Those about a single goal come last.
    pub(super) fn notices(&self, health: &Health) -> Vec<Notice> {
        let warnings = self.readout.warnings.iter();
        let warnings = warnings.map(|warning| of_warning(warning, &self.measured));
        let mut notices: Vec<Notice> = warnings.collect();
        notices.extend(busiest(self.facts, health));
        notices.extend(self.of_definitions(health));
        notices.extend(self.of_recording(health));
        notices.extend(self.of_plan());
        let recorded = RecordedGoals::of(self.facts);
        for (index, goal) in self.measured.iter().enumerate() {
            notices.extend(self.of_goal(index, &goal.report, &recorded));
        }
        // The sort is stable, so the most serious stay first.
        notices.sort_by_key(|notice| notice.goal.is_some());
        notices
    }

    /// Returns the notices about definitions: none that can be read, another unit, changes, and
    /// tracks that were switched off.
    fn of_definitions(&self, health: &Health) -> Vec<Notice> {
        let unreadable = (!self.lineup.is_defined).then(|| {
            Notice::blocking(
                "no-definition",
                "no definition of the phase is stored that can be read, so the sample ratio cannot \
                 be judged",
            )
        });
        let served = &self.served.0;
        let other_unit = served.iter().find_map(|served| self.of_other_unit(served));
        let changed = served
            .get(1)
            .filter(|_| health.weights_changed_on.is_none());
        let changed = changed.map(|changed| {
            let sentence = format!(
                "the definition changed on {} without a new phase, which can move units to another \
                 track; start a new phase with the next change",
                changed.first_day
            );
            Notice::new("definition-changed", sentence)
        });
        let off = self.lineup.tracks.iter().filter_map(|track| {
            let day = track.switched_off_on?;
            let sentence = format!("switched off on {day}; its units of before are still counted");
            Some(Notice::new("switched-off", sentence).of_track(&track.name))
        });
        let of_set = [unreadable, other_unit, changed, self.renamed()];
        let of_set = of_set.into_iter().flatten();
        of_set.chain(off).collect()
    }

    /// Returns the notice about the former names of the set.
    fn renamed(&self) -> Option<Notice> {
        let names = self.facts.former_names.iter();
        let names: Vec<String> = names.map(|name| format!("{name:?}")).collect();
        let sentence = format!(
            "the set was named {} before; its units under all names are counted, each by its first \
             exposure",
            names.join(" and ")
        );
        (!names.is_empty()).then(|| Notice::new("renamed", sentence))
    }

    /// Returns the notice about a definition whose unit is not that of the phase.
    fn of_other_unit(&self, served: &Served) -> Option<Notice> {
        let kind = &*self.facts.phase.name.kind;
        let unit = served.unit.as_deref().filter(|unit| *unit != kind)?;
        let sentence = format!(
            "units of two kinds, {kind:?} and {unit:?}, have been counted together since {}, so a \
             person who has both is counted twice; begin the next phase",
            served.first_day
        );
        Some(Notice::blocking(OTHER_UNIT, sentence))
    }

    /// Returns the notices about lost events, days without exposures, and units that other parts of
    /// the store share.
    fn of_recording(&self, health: &Health) -> Vec<Notice> {
        let uneven = health.uneven_loss.filter(|p| *p <= UNEVEN);
        let uneven = uneven.map(|_| {
            Notice::blocking(
                "uneven-loss",
                "more events were lost of one track than of another, which may look like an effect",
            )
        });
        let silent = match self.pace.silent_days() {
            0 => None,
            1 => Some("1 day".to_owned()),
            days => Some(format!("{} days", count(days))),
        };
        let silent = silent.map(|days| {
            let sentence = format!(
                "no unit was first exposed on {days} in between; check that nothing was down"
            );
            Notice::new("silent-days", sentence)
        });
        let [closed, excluded] = self.of_changes();
        let [lost, refused, others] = self.of_losses(health);
        let [previous, users] = self.of_overlap();
        let notices = [
            uneven, closed, excluded, lost, refused, others, silent, previous, users,
        ];
        notices.into_iter().flatten().collect()
    }

    /// Returns the notices about units that changes of the running test leave out.
    fn of_changes(&self) -> [Option<Notice>; 2] {
        let attribution = &self.facts.attribution;
        let closed = self.facts.closed_at.map(|closed_at| {
            let later = match attribution.after_close {
                0 => "no unit was first exposed later".to_owned(),
                1 => "1 unit that was first exposed later is left out".to_owned(),
                n => format!(
                    "{} units that were first exposed later are left out",
                    count(n)
                ),
            };
            let sentence = format!("the enrolment was closed on {}; {later}", Utc(closed_at));
            Notice::new("closed", sentence)
        });
        let excluded = Notice::counted(attribution.excluded, |excluded| {
            let sentence = format!(
                "{excluded} units are left out, since they were first exposed in a span that a person \
                 excluded"
            );
            Notice::new("excluded", sentence)
        });
        [closed, excluded]
    }

    /// Returns the notices about lost events, refused new units, and exposures of another unit.
    fn of_losses(&self, health: &Health) -> [Option<Notice>; 3] {
        let lost = |is_one: fn(&&LostEvents) -> bool| {
            total(health.lost.iter().filter(is_one).map(|lost| lost.n))
        };
        let all = lost(|_| true);
        let others = lost(|lost| lost.reason == LostReason::OtherUnit.as_str());
        let refused =
            lost(|lost| lost.sink == STORE && lost.reason == LostReason::Ceiling.as_str());
        // A lost event is counted in one notice alone, since each asks for another step.
        let lost = all.saturating_sub(others).saturating_sub(refused);
        [
            Notice::counted(lost, |lost| {
                Notice::new("lost", format!("{lost} events did not reach a sink"))
            }),
            Notice::counted(refused, |refused| {
                let sentence = format!(
                    "{refused} exposures of new units were not recorded, since the store has \
                     reached its ceiling; the units are a random sample"
                );
                Notice::new("ceiling", sentence)
            }),
            Notice::counted(others, |others| {
                let sentence = format!(
                    "{others} exposures were not recorded, since the unit of the set changed from \
                     {:?} to another within this phase; begin the next phase",
                    &*self.facts.phase.name.kind
                );
                Notice::blocking(OTHER_UNIT, sentence)
            }),
        ]
    }

    /// Returns the notices about units of the previous phase, and users in several tracks.
    fn of_overlap(&self) -> [Option<Notice>; 2] {
        let overlap = &self.facts.overlap;
        [
            Notice::counted(overlap.of_previous_phase, |units| {
                let sentence = format!(
                    "{units} units were in the previous phase within its window, and may still \
                     convert because of it; wait between phases, or choose another salt"
                );
                Notice::blocking("previous-phase", sentence)
            }),
            Notice::counted(overlap.users_in_several_tracks, |users| {
                let sentence = format!(
                    "{users} users saw two tracks through several visitors; a set by user keeps \
                     each of them in one"
                );
                Notice::blocking("users-in-several-tracks", sentence)
            }),
        ]
    }

    /// Returns the notices about the plan: parts that changed too late, unknown time zones, and
    /// goals without a plan.
    fn of_plan(&self) -> Vec<Notice> {
        let (plan, moved) = (&self.facts.plan, &self.reading.moved);
        let dated = |kind, at: Option<Timestamp>, sentence: &dyn Fn(Day) -> String| {
            at.map(|at| Notice::new(kind, sentence(plan.zone.day(at))))
        };
        let what = match self.decision {
            Some(_) => "had decided, which changes nothing",
            None => "began, so no plan decides and intervals are valid at every look",
        };
        let is_alone = plan.source() == IntentSource::Goals && self.lineup.units() > 0;
        let is_alone = is_alone && plan.plan().primary_metric().is_some();
        let recorded = self.facts.recorded_decision.as_ref();
        let read_at = recorded.map(|recorded| recorded.as_of.0);
        let notices = [
            dated("plan-moved", moved.units, &|day| {
                format!(
                    "the planned number of units was set or changed on {day}, after the plan {what}"
                )
            }),
            dated("primary-moved", moved.primary, &|day| {
                format!(
                    "the primary goal was named or changed on {day}, after the first exposure, so \
                     it is exploratory; confirm it in a new phase"
                )
            }),
            plan.zone.unknown.as_deref().map(unknown_zone),
            dated("time-zone-moved", plan.log.moved_time_zone(), &|day| {
                format!(
                    "the time zone of the plan changed on {day}, after the first exposure; days \
                     stay in {} until the next phase",
                    plan.zone.name
                )
            }),
            is_alone.then(|| Notice::new("no-plan", NO_PLAN)),
            unplanned(self.facts),
            self.changed_facts(),
            dated("recorded-decision", read_at, &|day| {
                format!(
                    "an earlier version read this plan on {day}, also of units that still had time \
                     to convert; its reading is kept beside this one"
                )
            }),
        ];
        notices.into_iter().flatten().collect()
    }

    /// Returns the notice that facts changed after the decision: the facts now decide otherwise
    /// than the stored decision. A sentence that only another version words otherwise is no change.
    fn changed_facts(&self) -> Option<Notice> {
        let recorded = self.facts.decision.as_ref()?;
        let is_other = self.decision.as_ref().map(unworded) != Some(unworded(recorded));
        // A plan that moved decides nothing any more, and that is said.
        let is_moved = self.decision.is_none() && self.reading.moved != Moved::default();
        let then = recorded.tracks.iter();
        let then = then.map(|track| format!("{}: {}", track.track, track.sentence));
        let then = then.collect::<Vec<_>>().join("; ");
        let day = self.facts.plan.zone.day(recorded.decided_at.0);
        (is_other && !is_moved).then(|| {
            let sentence = format!(
                "facts changed after the decision of {day}, as by an import or an erasure; it \
                 read: {then}"
            );
            Notice::blocking("facts-changed", sentence)
        })
    }

    /// Returns the notices about one goal.
    fn of_goal(
        &self,
        index: usize,
        goal: &GoalReport,
        recorded: &RecordedGoals<'_>,
    ) -> Vec<Notice> {
        let seconds = goal.window_seconds.unwrap_or_default();
        let is_endless = seconds >= ENDLESS_SECONDS;
        let shortly = self.facts.attribution.goals.get(index);
        let notices = [
            is_endless.then(|| Notice::new("endless-window", ENDLESS)),
            // Of a window without an end, all units stay open, which the notice before says.
            (goal.open > 0 && !is_endless).then(|| open_windows(goal)),
            Notice::counted(shortly.map_or(0, |goal| goal.shortly_before), |shortly| {
                let sentence = format!(
                    "{shortly} conversions were recorded up to a minute before the exposure of \
                     their unit and do not count; compare the clocks, and read the track before \
                     the goal"
                );
                Notice::blocking("shortly-before", sentence)
            }),
            recorded.never_recorded(index),
            recorded.unmatched(index),
            beyond(goal),
            self.is_uneven(goal)
                .then(|| Notice::new("uneven-shares", UNEVEN_SHARES)),
        ];
        let of_goal = |notice| Notice {
            goal: Some(goal.label.clone()),
            ..notice
        };
        notices.into_iter().flatten().map(of_goal).collect()
    }

    /// Returns whether a sum is compared between tracks of which one is at least twice as large as
    /// another. Rates are not affected.
    fn is_uneven(&self, goal: &GoalReport) -> bool {
        let is_sum = !goal.is_share() && !goal.is_of_requests();
        let weights = self.lineup.tracks.iter().filter_map(|track| track.weight);
        let weights = weights.filter(|weight| *weight > 0);
        let ends = weights.clone().min().zip(weights.max());
        is_sum && ends.is_some_and(|(least, most)| most as f64 / least as f64 >= 2.0)
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
    // A comma or a full stop after a figure belongs to the sentence, of which the words may change.
    let figures = figures.map(|figure| figure.trim_end_matches(['.', ',', '-']));
    let mut figures: Vec<&str> = figures.filter(|figure| !figure.is_empty()).collect();
    figures.sort_unstable();
    figures.join(" ")
}

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

/// Returns the notice about units whose totals 64 bits do not hold, where no cap cuts them before.
fn beyond(goal: &GoalReport) -> Option<Notice> {
    let units = total(goal.tracks.iter().map(|track| track.capped));
    let notice = Notice::counted(units, |units| {
        let sentence = format!(
            "{units} units have totals beyond ±9,223,372,036,854, and count as that; correct these \
             values, or set a cap"
        );
        Notice::blocking("beyond-bound", sentence)
    });
    notice.filter(|_| goal.cap.is_none())
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
