use proptest::{collection::vec, option, prelude::*};
use tower_tracks::{DefinitionError, MultiTrackSet, SimpleTrackSet, assign::For};

use super::text::salt;

/// A definition as data, so that it can be edited and built again.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) name: String,
    pub(super) salt: Option<String>,
    pub(super) phase: u32,
    pub(super) weight: u64,
    pub(super) share: f64,
    pub(super) eligible: bool,
    /// In the order in which they are assigned.
    pub(super) tracks: Vec<(String, u64)>,
}

/// Returns the sets of a group that builds.
pub(super) fn group() -> impl Strategy<Value = Vec<Plan>> {
    vec(plan(), 0..6).prop_filter_map("it does not build", |mut plans| {
        for (index, plan) in plans.iter_mut().enumerate() {
            plan.name.push_str(&index.to_string());
        }
        build(&plans).is_ok().then_some(plans)
    })
}

/// Returns a group of sets as [`group`] does, and the index of one of them.
pub(super) fn group_and_one() -> impl Strategy<Value = (Vec<Plan>, usize)> {
    let not_empty = group().prop_filter("it has no sets", |plans| !plans.is_empty());
    not_empty.prop_flat_map(|plans| {
        let indices = 0..plans.len();
        (Just(plans), indices)
    })
}

fn plan() -> impl Strategy<Value = Plan> {
    let who = (weight(100), share(), prop::bool::weighted(0.9));
    let what = ("[a-z*][a-z0-9_.*-]{0,62}", option::of(salt()), phase());
    (what, who, tracks()).prop_map(|((name, salt, phase), (weight, share, eligible), tracks)| {
        Plan {
            name,
            salt,
            phase,
            weight,
            share,
            eligible,
            tracks,
        }
    })
}

/// Returns a weight: often the usual one, sometimes none, sometimes the heaviest.
fn weight(usual: u64) -> impl Strategy<Value = u64> {
    prop_oneof![4 => Just(usual), 1 => Just(0), 4 => 1_u64..1000, 1 => 0..=1_u64 << 32]
}

pub(super) fn share() -> impl Strategy<Value = f64> {
    prop_oneof![2 => Just(1.0), 1 => Just(0.0), 4 => 0.0..=1.0, 1 => 0.0..=1e-18]
}

fn phase() -> impl Strategy<Value = u32> {
    prop_oneof![3 => Just(1_u32), 2 => 2..20_u32, 1 => 1..=u32::MAX]
}

fn tracks() -> impl Strategy<Value = Vec<(String, u64)>> {
    (any::<bool>(), vec(weight(1), 1..8)).prop_map(|(control, weights)| {
        let name = |index| match (control, index) {
            (true, 0) => "control".to_owned(),
            _ => format!("track-{index}"),
        };
        let weights = weights.into_iter().enumerate();
        weights
            .map(|(index, weight)| (name(index), weight))
            .collect()
    })
}

pub(super) fn build(plans: &[Plan]) -> Result<MultiTrackSet, DefinitionError> {
    let mut group = MultiTrackSet::builder().context::<()>();
    for plan in plans {
        group = group.add(plan.definition());
    }
    group.build()
}

impl Plan {
    fn definition(&self) -> SimpleTrackSet<(), For<()>> {
        let mut set = SimpleTrackSet::new(&self.name);
        if self.tracks.iter().all(|(name, _)| name != "control") {
            set = set.without_control();
        }
        for (name, weight) in &self.tracks {
            if name != "control" {
                set = set.track(name, ());
            }
            set = set.track_weight(name, *weight);
        }
        if let Some(salt) = &self.salt {
            set = set.salt(salt);
        }
        let eligible = self.eligible;
        set.phase(self.phase)
            .weight(self.weight)
            .share(self.share)
            .eligible(move |(): &()| eligible)
    }
}
