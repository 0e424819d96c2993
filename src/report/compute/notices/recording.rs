//! The notices about recording.

use crate::{
    figures::count,
    report::{
        Health, LostEvents, Notice, OTHER_UNIT,
        compute::{Draft, health::STORE},
        total::total,
    },
    store::LostReason,
};

/// The p-value up to which losses are called uneven.
const UNEVEN: f64 = 0.01;

impl Draft<'_> {
    /// Returns the notices about lost events, days without exposures, and units that other parts of
    /// the store share.
    pub(super) fn of_recording(&self, health: &Health) -> Vec<Notice> {
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
        let [lost, refused, others] = self.of_losses(health);
        let [previous, users] = self.of_overlap();
        let notices = [uneven, lost, refused, others, silent, previous, users];
        notices.into_iter().flatten().collect()
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
}
