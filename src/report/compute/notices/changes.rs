//! The notices about changes of the running test.

use std::ops::Range;

use crate::{
    figures::{count, percent},
    report::{ChangeReport, Notice, ShippedReport, Utc, compute::Draft},
    store::Timestamp,
};

impl Draft<'_> {
    /// Returns the notices about changes that affect the results. A share that was raised does not: the
    /// new units are split among the tracks like those before.
    pub(super) fn of_changes(&self) -> Vec<Notice> {
        let history = &self.facts.history;
        let notices = [
            history.shipped.as_ref().map(shipped),
            self.closed(),
            self.excluded(),
            self.lowered(),
            self.paused(),
        ];
        notices.into_iter().flatten().collect()
    }

    /// Returns the notice that the enrolment was closed.
    fn closed(&self) -> Option<Notice> {
        let closed_at = self.facts.closed_at?;
        let later = match self.facts.attribution.after_close {
            0 => "no unit was first exposed later".to_owned(),
            1 => "1 unit that was first exposed later is left out".to_owned(),
            n => format!(
                "{} units that were first exposed later are left out",
                count(n)
            ),
        };
        let sentence = format!("the enrolment was closed on {}; {later}", Utc(closed_at));
        Some(Notice::new("closed", sentence))
    }

    /// Returns the notice about spans that a person excluded.
    fn excluded(&self) -> Option<Notice> {
        Notice::counted(self.facts.attribution.excluded, |excluded| {
            let sentence = format!(
                "{excluded} units are left out, since they were first exposed in a span that a person \
                 excluded"
            );
            Notice::new("excluded", sentence)
        })
    }

    /// Returns the notice about the latest change that lowered the share after units were exposed.
    fn lowered(&self) -> Option<Notice> {
        let (first, _) = self.facts.attribution.exposed?;
        let changes = self.facts.history.changes.iter();
        let mut lowered = changes.filter_map(|change| Some((change, change.shares?)));
        let is_lowered = |(change, [before, since]): &(&ChangeReport, [f64; 2])| {
            since < before && change.in_force.0 > first
        };
        let (change, shares) = lowered.rfind(is_lowered)?;
        let [before, since] = shares.map(percent);
        let sentence = format!(
            "the share was lowered from {before} to {since} on {}; units that left the set still \
             count, so differences look smaller than they are; to end the enrolment, close it instead",
            change.in_force
        );
        Some(Notice::new("share-lowered", sentence))
    }

    /// Returns the notice about pauses after units were exposed.
    fn paused(&self) -> Option<Notice> {
        let exposed = self.facts.attribution.exposed;
        let is_later = |span: &&Range<Timestamp>| {
            exposed.is_some_and(|(first, _)| span.end > first) || is_open(span)
        };
        let spans = self.facts.history.paused.iter();
        let spans: Vec<&Range<Timestamp>> = spans.filter(is_later).collect();
        let last = spans.last()?;
        let when = match is_open(last) {
            true => format!("is paused since {}", Utc(last.start)),
            false => format!("was paused from {} to {}", Utc(last.start), Utc(last.end)),
        };
        let others = match spans.len() - 1 {
            0 => String::new(),
            1 => ", and once before".to_owned(),
            others => format!(", and {} times before", count(others as u64)),
        };
        let sentence = format!(
            "the set {when}{others}; in a pause no unit is added, and all units get control, so \
             differences look smaller than they are"
        );
        Some(Notice::new("paused", sentence))
    }
}

/// Returns whether a span goes on.
fn is_open(span: &Range<Timestamp>) -> bool {
    span.end == Timestamp::MAX
}

/// Returns the notice that the test is over.
fn shipped(shipped: &ShippedReport) -> Notice {
    let sentence = format!(
        "the track {} was shipped on {}, so the test is over; the units are those first exposed until then, and \
         what they did since makes differences smaller",
        shipped.track, shipped.at
    );
    Notice::new("shipped", sentence)
}
