use tower_tracks::{Choice, assign::Bucketing};

use super::{Counted, KEYS, all, check, choices, list::List, moved, percent};

/// An edit of a group, and how many keys it moves in each scheme, in percent.
struct Edit {
    /// What the guide calls it.
    name: &'static str,
    before: List,
    after: List,
    /// Of which keys the share is.
    among: Counted,
    counted: Counted,
    v1: f64,
    python: f64,
}

/// The expectations of the Python scheme: a change of the list's names draws every key's set
/// anew, so that it stays only by chance, 1/n among n equal sets. A change of the weights keeps
/// the number that is drawn, and takes it modulo another sum; of 400 and 300, or 400 and 500,
/// the hundreds are independent by the Chinese remainder theorem, so that a key stays by chance
/// as well: a third of those who are in the other three sets; 3 · 1/4 · 1/5 + 1/4 · 2/5 of all.
const EDITS: [Edit; 9] = [
    Edit {
        name: "a fifth equal set is added to four",
        before: List::Four,
        after: List::Five,
        among: all,
        counted: moved,
        v1: 20.0,
        python: 80.0,
    },
    Edit {
        name: "… and not into the fifth",
        before: List::Four,
        after: List::Five,
        among: all,
        counted: |before, after| moved(before, after) && after.set() != Some("layout"),
        v1: 0.0,
        python: 60.0,
    },
    Edit {
        name: "one of four equal sets is removed",
        before: List::Four,
        after: List::WithoutPricing,
        among: all,
        counted: moved,
        v1: 25.0,
        python: 75.0,
    },
    Edit {
        name: "… of those who were in another",
        before: List::Four,
        after: List::WithoutPricing,
        among: not_in_pricing,
        counted: moved,
        v1: 0.0,
        python: 200.0 / 3.0,
    },
    Edit {
        name: "four equal sets are reordered",
        before: List::Four,
        after: List::Reordered,
        among: all,
        counted: moved,
        v1: 0.0,
        python: 75.0,
    },
    Edit {
        name: "one of four equal sets gets twice the weight",
        before: List::Four,
        after: List::HeavyPricing,
        among: all,
        counted: moved,
        v1: 15.0,
        python: 75.0,
    },
    Edit {
        name: "… and not into it",
        before: List::Four,
        after: List::HeavyPricing,
        among: all,
        counted: |before, after| moved(before, after) && after.set() != Some("pricing"),
        v1: 0.0,
        python: 45.0,
    },
    Edit {
        name: "eligibility is lost for one of four equal sets, of those who were in another",
        before: List::Four,
        after: List::IneligibleForPricing,
        among: not_in_pricing,
        counted: moved,
        v1: 0.0,
        python: 200.0 / 3.0,
    },
    Edit {
        name: "eligibility is gained for one of four equal sets, of those who come into another",
        before: List::IneligibleForPricing,
        after: List::Four,
        among: not_in_pricing,
        counted: moved,
        v1: 0.0,
        python: 200.0 / 3.0,
    },
];

/// Whether a key is in another set both before and after.
fn not_in_pricing(before: &Choice<'_>, after: &Choice<'_>) -> bool {
    before.set() != Some("pricing") && after.set() != Some("pricing")
}

/// Returns each edit's name and the share of keys that it moves, in percent.
pub(super) fn measure(bucketing: Bucketing) -> Vec<(&'static str, f64)> {
    let groups = List::ALL.map(|list| list.group(bucketing));
    let choices = groups.each_ref().map(choices);
    let measure = |edit: &Edit| {
        let [before, after] = [edit.before, edit.after].map(|list| &*choices[list as usize]);
        let asked = percent(before, after, all, edit.among) * f64::from(KEYS) / 100.0;
        assert!(asked > f64::from(KEYS) / 2.0, "{}: {asked} keys", edit.name);
        let among = percent(before, after, edit.among, edit.counted);
        check(edit.name, among, edit.expected(bucketing));
        (edit.name, among)
    };
    EDITS.iter().map(measure).collect()
}

impl Edit {
    fn expected(&self, bucketing: Bucketing) -> f64 {
        match bucketing {
            Bucketing::V1 => self.v1,
            _ => self.python,
        }
    }
}
