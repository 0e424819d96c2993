//! The stored phases of renamed sets. Facts stay under the names with which they were recorded, and the
//! definition of a set has its former names. So this is the one place that decides which stored
//! phases are one.

use std::{collections::HashMap, sync::Arc, time::Duration};

use serde::Deserialize;

use super::{catalog::Phase, facts::PhaseName, timestamp::Timestamp};

/// How long nodes that know only the former name of a set may run beside those that know the new one. A
/// phase that begins later under the former name is one of another test, which was given a free name.
const ROLLOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// A phase with everything that is stored about it under all names of its set.
#[derive(Debug, Clone)]
pub(crate) struct WholePhase {
    /// The phase under the present name of its set.
    pub(crate) phase: Phase,
    /// The phase under each name that the store has for it; one, unless the set was renamed.
    pub(crate) stored: Vec<PhaseName>,
}

/// The names that definitions and plans have of their set.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    formerly: Vec<String>,
}

/// From former names to later ones, without circles.
struct Renames(HashMap<Arc<str>, Renamed>);

/// What became of a name.
struct Renamed {
    name: Arc<str>,
    /// When a definition was last recorded that has the former name.
    claimed_at: Timestamp,
}

impl WholePhase {
    /// Makes one phase of those that are one, sorted by set and number.
    pub(crate) fn all(phases: Vec<Phase>) -> Vec<Self> {
        let renames = Renames::of(&phases);
        let present = |phase: &Phase| renames.present(phase);
        let is_renamed = |phase: &Phase| present(phase) != phase.name.set;
        let (renamed, own): (Vec<_>, Vec<_>) = phases.into_iter().partition(is_renamed);
        let mut all: Vec<Self> = own.into_iter().map(Self::of).collect();
        for phase in renamed {
            let name = PhaseName {
                set: renames.present(&phase),
                ..phase.name.clone()
            };
            match all.iter_mut().find(|whole| whole.is_of(&name)) {
                // Units of another kind cannot be compared, so such a phase stays apart.
                Some(whole) if whole.phase.name.kind != name.kind => all.push(Self::of(phase)),
                Some(whole) => whole.add(phase),
                None => all.push(Self::renamed(phase, name)),
            }
        }
        let order = |whole: &Self| (Arc::clone(&whole.phase.name.set), whole.phase.name.phase);
        all.sort_by_key(order);
        all
    }

    /// Returns whether a set of this name has the phase, or had it.
    #[cfg(feature = "report")]
    pub(crate) fn is_of_set(&self, name: &str) -> bool {
        let mut names = self.stored.iter().chain([&self.phase.name]);
        names.any(|phase| *phase.set == *name)
    }

    /// Returns the names of the set before the present one, under which the phase has facts.
    #[cfg(feature = "report")]
    pub(crate) fn former(&self) -> impl Iterator<Item = &PhaseName> {
        let stored = self.stored.iter();
        stored.filter(|stored| stored.set != self.phase.name.set)
    }

    fn of(phase: Phase) -> Self {
        Self {
            stored: vec![phase.name.clone()],
            phase,
        }
    }

    /// Returns a phase of which nothing is stored under the present name.
    fn renamed(phase: Phase, name: PhaseName) -> Self {
        let mut whole = Self {
            phase: Phase::new(name),
            stored: Vec::new(),
        };
        whole.add(phase);
        whole
    }

    fn is_of(&self, name: &PhaseName) -> bool {
        (&self.phase.name.set, self.phase.name.phase) == (&name.set, name.phase)
    }

    /// Adds what is stored under a former name. A definition that is known under both names is listed twice,
    /// as its plan may have changed with the name.
    fn add(&mut self, former: Phase) {
        let phase = &mut self.phase;
        for mut track in former.tracks {
            if !phase.tracks.iter().any(|known| known.track == track.track) {
                track.phase = phase.name.clone();
                phase.tracks.push(track);
            }
        }
        phase
            .tracks
            .sort_by_key(|track| (!track.control, Arc::clone(&track.track)));
        phase.definitions.extend(former.definitions);
        phase
            .definitions
            .sort_by_key(|known| (known.first_at, known.fingerprint));
        phase.plans.extend(former.plans);
        phase.plans.sort();
        self.stored.push(former.name);
    }
}

/// Returns these phases, with the same phases under former and later names of their sets.
pub(crate) fn under_all_names(named: &[PhaseName], phases: Vec<Phase>) -> Vec<PhaseName> {
    let is_named = |phase: &PhaseName| {
        let mut named = named.iter();
        named.any(|named| (&named.set, named.phase) == (&phase.set, phase.phase))
    };
    let mut all = named.to_vec();
    for whole in WholePhase::all(phases) {
        if is_named(&whole.phase.name) || whole.stored.iter().any(is_named) {
            all.extend(whole.stored);
        }
    }
    all
}

impl Renames {
    /// Reads the former names from definitions and plans. Of names that definitions give to each other, the
    /// one of the latest definition counts: the set got an earlier name back.
    fn of(phases: &[Phase]) -> Self {
        let mut claims: HashMap<(Arc<str>, Arc<str>), Timestamp> = HashMap::new();
        for phase in phases {
            for (former, at) in claims_of(phase) {
                let claimed = claims.entry((former, Arc::clone(&phase.name.set)));
                let last = claimed.or_insert(at);
                *last = at.max(*last);
            }
        }
        let mut claims: Vec<_> = claims.into_iter().collect();
        claims.sort_by(|(names, at), (others, other)| (other, others).cmp(&(at, names)));
        let mut renames = Self(HashMap::new());
        for ((former, name), claimed_at) in claims {
            if !renames.0.contains_key(&former) && !renames.leads_to(&name, &former) {
                renames.0.insert(former, Renamed { name, claimed_at });
            }
        }
        renames
    }

    /// Returns the present name of the set of a phase.
    fn present(&self, phase: &Phase) -> Arc<str> {
        let begun = phase.definitions.iter().map(|known| known.first_at).min();
        let mut name = &phase.name.set;
        while let Some(renamed) = self.0.get(name)
            // An imported phase without a definition has no beginning.
            && begun.is_none_or(|begun| begun <= renamed.claimed_at.plus(ROLLOUT))
        {
            name = &renamed.name;
        }
        Arc::clone(name)
    }

    fn leads_to<'a>(&'a self, mut name: &'a Arc<str>, end: &Arc<str>) -> bool {
        while name != end {
            match self.0.get(name) {
                Some(renamed) => name = &renamed.name,
                None => return false,
            }
        }
        true
    }
}

/// Returns the former names that definitions and plans of a phase have, with their times.
fn claims_of(phase: &Phase) -> Vec<(Arc<str>, Timestamp)> {
    let definitions = phase.definitions.iter();
    let definitions = definitions.map(|known| (&known.json, known.first_at));
    let plans = phase.plans.iter().map(|plan| (&plan.json, plan.first_at));
    let mut claims = Vec::new();
    for (json, at) in definitions.chain(plans) {
        // Nearly none has former names, and this is cheaper than to read all of them.
        if json.contains("\"formerly\"")
            && let Ok(named) = serde_json::from_str::<Named>(json)
        {
            claims.extend(named.formerly.into_iter().map(|former| (former.into(), at)));
        }
    }
    claims
}
