//! From a log of changes to the history of a phase.

use std::{collections::BTreeMap, ops::Range, time::Duration};

use crate::{
    control::{Act, Change, Code, Mode, State, Step, state},
    report::{ChangeReport, ShippedReport, Utc},
    store::{Calendar, Timestamp, WholePhase},
};

use super::{
    ChangeHistory,
    sentence::{sentence, step},
    versions::Versions,
};

impl ChangeHistory {
    /// Reads what the changes of a phase did up to a time. Days are those of a calendar.
    pub(in crate::report) fn read(
        whole: &WholePhase,
        changes: &[Change],
        (as_of, calendar): (Timestamp, &Calendar),
    ) -> Self {
        let name = &*whole.phase.name.set;
        let is_ours = |change: &Change| {
            change.set == name && change.phase == whole.phase.name.phase && change.at <= as_of
        };
        let changes: BTreeMap<u64, Change> = whole
            .changes(changes, name)
            .into_iter()
            .filter(is_ours)
            .map(|change| (change.number, change))
            .collect();
        let mut changes: Vec<Change> = changes.into_values().collect();
        changes.sort_by_key(place);
        let reading = Reading {
            versions: Versions::of(&whole.phase, &changes),
            changes,
            as_of,
            calendar,
        };
        reading.history()
    }
}

/// The place of a change: when it comes into force, and its number.
fn place(change: &Change) -> (Timestamp, u64) {
    (change.effective_at, change.number)
}

/// The changes of a phase, by their place, and what their effects depend on.
struct Reading<'a> {
    changes: Vec<Change>,
    versions: Versions,
    as_of: Timestamp,
    calendar: &'a Calendar,
}

impl Reading<'_> {
    fn history(&self) -> ChangeHistory {
        let steps = self.changes.iter().flat_map(|change| self.steps(change));
        let changes = self.changes.iter().filter_map(|change| self.change(change));
        let mut reported: Vec<ChangeReport> = changes.chain(steps).collect();
        reported.sort_by_key(|change| (change.in_force, change.number));
        let states = self.states();
        let is_paused = |state: &State| state.mode == Mode::Paused;
        let is_quiet = |state: &State| match state.mode {
            Mode::Paused | Mode::Shipped(_) => true,
            _ => state.share <= 0.0,
        };
        let last = states.last().map(|(_, state)| state);
        let excluded = last.into_iter().flat_map(|state| &state.excluded);
        let excluded = excluded.map(|span| span.from..span.until);
        ChangeHistory {
            shipped: last.and_then(|state| self.shipped(state)),
            paused: spans(&states, is_paused),
            quiet: spans(&states, is_quiet)
                .into_iter()
                .chain(excluded)
                .collect(),
            changes: reported,
        }
    }

    /// Returns a change as the report shows it; `None` if it is not in force yet.
    fn change(&self, change: &Change) -> Option<ChangeReport> {
        let approval = self.approval(change);
        let decisive = approval.unwrap_or(change);
        let time = decisive.effective_at;
        if time > self.as_of {
            return None;
        }
        let earlier = self
            .changes
            .partition_point(|other| place(other) < place(decisive));
        let code = self.versions.at(time);
        let [before, since] = [earlier, earlier + 1].map(|end| {
            let changes = self.changes.get(..end).unwrap_or_default();
            code.map(|code| state(code, changes, time))
        });
        // What an approval puts in force is reported with the change that it approves.
        let is_approval = matches!(change.act, Act::Approve { .. });
        let both = before.zip(since.as_ref()).filter(|_| !is_approval);
        let shares = both.map(|(before, since)| [before.share, since.share]);
        let shares = shares.filter(|[before, since]| before != since);
        let without_effect = since.and_then(|state| without_effect(&state, change.number));
        Some(ChangeReport {
            sentence: sentence(&change.act, shares),
            shares,
            without_effect,
            ..self.report(change, time)
        })
    }

    /// Returns the steps of a ramp that raised the share.
    fn steps(&self, change: &Change) -> Vec<ChangeReport> {
        let Act::Ramp { steps, .. } = &change.act else {
            return Vec::new();
        };
        let decisive = self.approval(change).unwrap_or(change);
        let times = decisive.effective_at..=self.as_of;
        // A step of before the ramp is part of the ramp itself.
        let begun = steps
            .iter()
            .filter(|step| times.contains(&step.at) && step.at != *times.start());
        begun.filter_map(|begun| self.step(change, begun)).collect()
    }

    fn step(&self, change: &Change, begun: &Step) -> Option<ChangeReport> {
        let code = self.versions.at(begun.at)?;
        let since = self.state(code, begun.at);
        let before = state(
            code,
            self.until(begun.at),
            begun.at.minus(Duration::from_micros(1)),
        );
        let shares = [before.share, since.share];
        let is_step = since.share_by == Some(change.number) && shares[0] != shares[1];
        is_step.then(|| ChangeReport {
            sentence: step(shares),
            shares: Some(shares),
            ..self.report(change, begun.at)
        })
    }

    fn report(&self, change: &Change, time: Timestamp) -> ChangeReport {
        ChangeReport {
            number: change.number,
            day: crate::report::Day(self.calendar.day(time)),
            in_force: Utc(time),
            made: Utc(change.at),
            act: change.act.name().to_owned(),
            sentence: String::new(),
            author: change.author.clone(),
            reason: change.reason.clone(),
            shares: None,
            without_effect: None,
        }
    }

    /// Returns the change that approved another one.
    fn approval(&self, change: &Change) -> Option<&Change> {
        if !change.needs_approval {
            return None;
        }
        let approves = Act::Approve {
            change: change.number,
        };
        let mut approvals = self.changes.iter().filter(|other| other.act == approves);
        approvals.find(|approval| {
            let code = self.versions.at(approval.effective_at);
            let void = code.map(|code| self.state(code, approval.effective_at).void);
            void.is_none_or(|void| void.iter().all(|(number, _)| *number != approval.number))
        })
    }

    /// Returns the changes that are in force at a time or were before.
    fn until(&self, time: Timestamp) -> &[Change] {
        let end = self
            .changes
            .partition_point(|change| change.effective_at <= time);
        self.changes.get(..end).unwrap_or_default()
    }

    fn state(&self, code: Code<'_>, time: Timestamp) -> State {
        state(code, self.until(time), time)
    }

    /// Returns the states since the first change, each with its beginning.
    fn states(&self) -> Vec<(Timestamp, State)> {
        let steps = self.changes.iter().flat_map(|change| match &change.act {
            Act::Ramp { steps, .. } => steps.as_slice(),
            _ => &[],
        });
        let steps = steps.map(|step| step.at);
        let changes = self.changes.iter().map(|change| change.effective_at);
        let first = changes.clone().min().unwrap_or(Timestamp::MAX);
        let times = changes.chain(steps).chain(self.versions.times());
        let mut times: Vec<Timestamp> = times
            .filter(|time| (first..=self.as_of).contains(time))
            .collect();
        times.sort_unstable();
        times.dedup();
        let at = |time: Timestamp| Some((time, self.state(self.versions.at(time)?, time)));
        times.into_iter().filter_map(at).collect()
    }

    fn shipped(&self, state: &State) -> Option<ShippedReport> {
        let shipped = state.shipped?;
        let change = self
            .changes
            .iter()
            .find(|change| change.number == shipped.by)?;
        let Act::Ship { track } = &change.act else {
            return None;
        };
        let approval = self.approval(change);
        Some(ShippedReport {
            track: track.to_string(),
            at: Utc(approval.unwrap_or(change).effective_at),
            change: change.number,
            author: change.author.clone(),
            reason: change.reason.clone(),
        })
    }
}

/// Returns why a change has no effect: it is void, or waits for approval.
fn without_effect(state: &State, number: u64) -> Option<String> {
    let mut void = state.void.iter();
    let void = void.find(|(void, _)| *void == number);
    let pending = state.pending.contains(&number);
    let pending = pending.then(|| "it waits for the approval of another person".to_owned());
    void.map(|(_, why)| why.to_string()).or(pending)
}

/// Returns the spans of the states with a property. A span that goes on has no end.
fn spans(
    states: &[(Timestamp, State)],
    is_within: impl Fn(&State) -> bool,
) -> Vec<Range<Timestamp>> {
    let mut spans: Vec<Range<Timestamp>> = Vec::new();
    for (index, (from, _)) in states
        .iter()
        .enumerate()
        .filter(|(_, (_, state))| is_within(state))
    {
        let until = states
            .get(index + 1)
            .map_or(Timestamp::MAX, |(next, _)| *next);
        match spans.last_mut() {
            Some(last) if last.end == *from => last.end = until,
            _ => spans.push(*from..until),
        }
    }
    spans
}
