//! The comparison of recorded rows with recomputed tracks.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use crate::{
    assign::{Choice, Set},
    cli::{
        definitions::{PhaseKey, Replay, Replays},
        groups::Group,
    },
    store::{ExposureRow, TrackName},
};

use super::{
    ledger::{Completeness, Ledger},
    timeline::Timeline,
    verified::{Disagreement, Unexpected, Verified},
};

/// What changes made of each phase. The names of a set share one.
pub(super) type Timelines = BTreeMap<PhaseKey, Rc<Timeline>>;

/// The definitions and keys with which recorded rows are compared.
pub(super) struct Recomputed<'a> {
    pub(super) definitions: BTreeMap<PhaseKey, Replays>,
    pub(super) timelines: Timelines,
    pub(super) ledger: Ledger,
    pub(super) groups: &'a [Box<dyn Group>],
    pub(super) verified: Verified,
}

impl Recomputed<'_> {
    /// Compares a row with the track that its key gets. It agrees with any definition of the phase,
    /// since a row of an earlier version does not name its own.
    pub(super) fn check(&mut self, track: &TrackName, row: &ExposureRow) {
        let phase = (Arc::clone(&track.phase.set), track.phase.phase);
        let replays = match self.definitions.get(&phase) {
            Some(Ok(replays)) => replays,
            Some(Err(why)) => return self.verified.unverifiable(why),
            None => return self.verified.unverifiable("no definition is stored"),
        };
        let Some(key) = self.ledger.key(row.unit) else {
            return self.without_key(track, row);
        };
        let choices: Vec<Choice<'_>> = replays.iter().map(|one| one.assign(key)).collect();
        let Some(choice) = choices.iter().find(|choice| agrees(choice, track, row)) else {
            let disagreement = Disagreement::of_row(track, row, choices.last());
            return self.verified.disagree(disagreement);
        };
        let chosen = self.chosen(replays, key, track);
        if let Some(Err(chosen)) = chosen {
            let chosen = format!("its group chooses {chosen}");
            let disagreement = Disagreement::new(track, row, chosen);
            return self.verified.disagree(disagreement);
        }
        let timeline = self.timelines.get(&phase);
        let digest = choice.digest();
        match timeline.and_then(|timeline| timeline.excluded(row.first_at, digest)) {
            Some(why) => self
                .verified
                .add_unexpected(Unexpected::new(track, row, why)),
            None => self.verified.agree(row.coin.is_some(), chosen.is_some()),
        }
    }

    /// Counts a row whose key is not known, as a disagreement if it must have one.
    fn without_key(&mut self, track: &TrackName, row: &ExposureRow) {
        let is_due = match self.ledger.is {
            Completeness::Partial => false,
            Completeness::OfRecorders => row.coin.is_some(),
            Completeness::Whole => true,
        };
        if is_due {
            let recomputed = "none: no key has this unit".to_owned();
            let disagreement = Disagreement::new(track, row, recomputed);
            self.verified.disagree(disagreement);
        } else {
            let why = "the key of its unit is not known";
            self.verified.unverifiable(why);
        }
    }

    /// Returns whether the group of the application still chooses this set, or its other choice as
    /// an error; `None` if the context of the key is not known, or the definition of the
    /// application is another.
    fn chosen(
        &self,
        replays: &[Replay],
        key: &str,
        track: &TrackName,
    ) -> Option<Result<(), String>> {
        // The row may be one of before the set was renamed.
        let is_it = |set: &&Set| set.is_named(&track.phase.set) && is_among(set, replays);
        let mut groups = self.groups.iter();
        let (group, set) = groups.find_map(|group| {
            let set = group.sets().into_iter().find(is_it)?;
            Some((group, set.name()))
        })?;
        let choice = group.assign(key)?;
        match choice.set() == Some(set) {
            true => Some(Ok(())),
            false => Some(Err(choice.to_string())),
        }
    }
}

/// Returns whether track and coin agree. Rows without a coin, as from access logs, are compared by
/// the track.
fn agrees(choice: &Choice<'_>, track: &TrackName, row: &ExposureRow) -> bool {
    let coin = row.coin.is_none() || row.coin == choice.coin();
    choice.track() == Some(&*track.track) && coin
}

/// Returns whether a set of the application is one of the stored definitions.
fn is_among(set: &Set, replays: &[Replay]) -> bool {
    let fingerprint = set.fingerprint();
    let mut stored = replays.iter().filter_map(|replay| replay.set().ok());
    stored.any(|stored| stored.fingerprint() == fingerprint)
}
