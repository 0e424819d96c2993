//! The choices of a request.
//!
//! A holdout takes precedence over the key and over a shipped track, but not over a pause, an exclusion, a pin or a
//! forced track. A choice that another service passed takes precedence over all but a pause, a pin and a forced track.
//! A shipped track takes precedence over everything else but a pause, because the test has ended. Exclusion
//! takes precedence over the pin of a test, and the pin over the key. A pause applies to
//! both.

use http::request::Parts;

use crate::{
    assign::{Choice, Pick, Reason, RunId},
    middleware::{
        key::{Origin, RequestKey},
        screening::Treatment,
        settings::Settings,
    },
};

use super::{few::Few, reading::Reading};

/// The choice of one group for a request, and the state of its reading.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The index of the group in its layer.
    pub(crate) group: usize,
    /// The choice. It never changes after the request began, even if the set is paused in between.
    pub(crate) pick: Pick,
    /// The run, if the layer has runs.
    pub(crate) run_id: Option<RunId>,
    /// Whether another service made the choice.
    #[cfg(feature = "propagation")]
    pub(crate) upstream: Upstream,
    /// Whether the track was read, and when.
    pub(crate) reading: Reading,
}

/// Whether the choice was made by the service before, and who counts its exposure.
#[cfg(feature = "propagation")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Upstream {
    /// The choice is of this layer.
    None,
    /// The exposure is counted here, if the track is read.
    Open,
    /// The exposure is not counted here.
    Settled,
}

impl Entry {
    /// Whether another service made the choice. Without the feature it is a constant, so that it costs nothing.
    #[inline]
    pub(crate) fn is_upstream(&self) -> bool {
        #[cfg(feature = "propagation")]
        return self.upstream != Upstream::None;
        #[cfg(not(feature = "propagation"))]
        false
    }

    /// Whether another service has counted the exposure, or decided that it is not counted.
    #[inline]
    pub(crate) fn is_settled(&self) -> bool {
        #[cfg(feature = "propagation")]
        return self.upstream == Upstream::Settled;
        #[cfg(not(feature = "propagation"))]
        false
    }

    /// Replaces the choice by one that was forced here.
    #[cfg(feature = "overrides")]
    pub(crate) fn force(&mut self, pick: Pick) {
        self.pick = pick;
        #[cfg(feature = "propagation")]
        {
            self.upstream = Upstream::None;
        }
    }

    /// Whether the track was shipped: then it is no exposure, and the key decided nothing.
    #[inline]
    pub(crate) fn is_shipped(&self) -> bool {
        self.pick.reason == Reason::Shipped
    }
}

impl Settings {
    /// Returns the choices of all groups for a request.
    ///
    /// A request without a key is in no track, unless a definition pins its context.
    #[inline]
    pub(crate) fn assign(
        &self,
        keys: &Few<Option<RequestKey>>,
        treatment: Treatment,
        parts: &Parts,
    ) -> Few<Entry> {
        Few::from_fn(self.groups.len(), |group| {
            let member = &self.groups[group];
            let found = member.unit.and_then(|unit| keys.get(unit)?.as_ref());
            let pick = match (member.shipped(parts), treatment, member.pinned(), found) {
                // A page that is loaded ahead may be shown to a key that is held out.
                (Some(_), Treatment::Excluded(Reason::Speculative), ..) if self.is_held(group) => {
                    Pick::nothing(Reason::Speculative)
                }
                (Some(shipped), ..) => shipped,
                (_, Treatment::Excluded(reason), ..) => Pick::nothing(reason),
                (.., Some(pick), _) => member.in_force(pick),
                (.., None, None) => member.pick_without_key(parts),
                (.., None, Some(found)) => member.pick(found, parts),
            };
            let run_id = || self.keys.randomness.bytes().map(RunId::from_random);
            Entry {
                group,
                pick,
                run_id: self.run_ids.then(run_id).flatten(),
                #[cfg(feature = "propagation")]
                upstream: Upstream::None,
                reading: Reading::default(),
            }
        })
    }

    /// Takes the keys that are held out from all tracks that they were given, and counts what is in no track.
    ///
    /// It comes after a forced track, so that a person can also look at the holdout itself.
    pub(crate) fn hold_out(&self, entries: &mut Few<Entry>, keys: &Few<Option<RequestKey>>) {
        for group in 0..self.groups.len() {
            let mut holdouts = self.holdouts_over(group);
            let is_held_out = holdouts.any(|holdout| {
                let entry = entries.get(holdout);
                entry.is_some_and(|entry| self.holds_out(holdout, group, &entry.pick, keys))
            });
            if let Some(entry) = entries.get_mut(group) {
                if is_held_out && !entry.is_upstream() {
                    entry.pick = entry.pick.held_out();
                }
                self.groups[group].untracked.add(&entry.pick);
            }
        }
    }

    /// Returns whether a choice of a holdout holds the key out of a group.
    fn holds_out(
        &self,
        holdout: usize,
        group: usize,
        pick: &Pick,
        keys: &Few<Option<RequestKey>>,
    ) -> bool {
        let member = &self.groups[holdout];
        // A key of this request alone is in no report, and another one would be held out at the next request.
        let key = member.unit.and_then(|unit| keys.get(unit)?.as_ref());
        let is_kept = key.is_none_or(|key| key.origin != Origin::Random);
        let is_given = pick.reason != Reason::Bucketed || member.pinned().is_some();
        // A test of a handler has the track that it asks for.
        let is_pinned = self.groups[group].pinned().is_some();
        self.is_control(holdout, pick) && (is_given || (is_kept && !is_pinned))
    }

    /// Returns whether the track is the control of its set.
    fn is_control(&self, group: usize, pick: &Pick) -> bool {
        Choice::new(self.groups[group].sets(), *pick).is_control()
    }
}
