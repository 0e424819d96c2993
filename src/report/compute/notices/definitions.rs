//! The notices about definitions.

use crate::report::{
    Health, Notice, OTHER_UNIT,
    compute::{Draft, served::Served},
};

impl Draft<'_> {
    /// Returns the notices about definitions: none that can be read, another unit, changes, and
    /// tracks that were switched off.
    pub(super) fn of_definitions(&self, health: &Health) -> Vec<Notice> {
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
}
