use tower_tracks::{MultiTrackSet, assign::Bucketing};

use super::three_tracks;

/// The sets of a group before or after an edit.
#[derive(Clone, Copy)]
pub(super) enum List {
    Four,
    Five,
    WithoutPricing,
    Reordered,
    IneligibleForPricing,
    HeavyPricing,
}

impl List {
    pub(super) const ALL: [Self; 6] = [
        Self::Four,
        Self::Five,
        Self::WithoutPricing,
        Self::Reordered,
        Self::IneligibleForPricing,
        Self::HeavyPricing,
    ];

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Five => &["banner", "delay", "pricing", "search", "layout"],
            Self::WithoutPricing => &["banner", "delay", "search"],
            Self::Reordered => &["search", "pricing", "banner", "delay"],
            _ => &["banner", "delay", "pricing", "search"],
        }
    }

    pub(super) fn group(self, bucketing: Bucketing) -> MultiTrackSet {
        let group = MultiTrackSet::builder().bucketing(bucketing);
        let mut group = group.context::<()>();
        for name in self.names() {
            let (weight, eligible) = match self {
                Self::HeavyPricing if *name == "pricing" => (200, true),
                Self::IneligibleForPricing if *name == "pricing" => (100, false),
                _ => (100, true),
            };
            let set = three_tracks(name).weight(weight);
            group = group.add(set.eligible(move |(): &()| eligible));
        }
        group.build().unwrap()
    }
}
