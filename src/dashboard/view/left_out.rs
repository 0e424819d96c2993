//! The requests that are in no result, as the layers of this server count them.

use serde::Serialize;

use crate::{assign::Reason, figures::count, middleware::Counts, report::Utc};

#[cfg(feature = "overrides")]
use crate::middleware::Refused;

/// The maximum number of sets that the title of a layer names.
const NAMES: usize = 5;

/// Requests that a layer excluded, in words.
const EXCLUDED: [(Reason, &str); 4] = [
    (Reason::Bot, "From bots"),
    (Reason::Speculative, "Prefetched or prerendered"),
    (Reason::Excluded, "Excluded by the application"),
    (Reason::NoConsent, "Without consent"),
];

/// Requests in no track of a set, in words.
const UNTRACKED: [(Reason, &str); 5] = [
    (Reason::Ineligible, "Not eligible"),
    (Reason::OutsideShare, "Outside the share"),
    (Reason::HeldOut, "Held out of all sets"),
    (Reason::NoKey, "Without a key"),
    (Reason::Paused, "While the set was paused"),
];

/// The reasons for which a token is refused.
#[cfg(feature = "overrides")]
const TOKENS: [Refused; 8] = [
    Refused::Malformed,
    Refused::Signature,
    Refused::Expired,
    Refused::OtherUnit,
    Refused::UnknownSet,
    Refused::UnknownTrack,
    Refused::OtherPhase,
    Refused::TooLong,
];

/// The counts of a layer since it was made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::dashboard) struct LeftOut {
    /// The names of its sets.
    pub(in crate::dashboard) sets: Vec<String>,
    pub(in crate::dashboard) since: Utc,
    /// All requests that reached the layer.
    pub(in crate::dashboard) requests: u64,
    pub(in crate::dashboard) rows: Vec<Row>,
}

/// The requests of one reason.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::dashboard) struct Row {
    /// The reason, as it is recorded.
    pub(in crate::dashboard) reason: String,
    /// The set that it is about; `None` if it is about all sets of the layer.
    pub(in crate::dashboard) set: Option<String>,
    pub(in crate::dashboard) requests: u64,
    /// The reason in words.
    #[serde(skip)]
    pub(in crate::dashboard) words: String,
}

impl LeftOut {
    /// Returns the counts of a layer, with those of all of its sets.
    pub(in crate::dashboard) fn of(counts: &Counts) -> Self {
        let mut left_out = Self::without_sets(counts);
        let sets = counts.sets().flat_map(|set| untracked(counts, set));
        left_out.rows.extend(sets.filter(|row| row.requests > 0));
        left_out
    }

    /// Returns the counts of the first layer that has a set, with those of the set.
    pub(in crate::dashboard) fn of_set(layers: &[Counts], set: &str) -> Option<Self> {
        let has_set = |counts: &&Counts| counts.sets().any(|known| known == set);
        let counts = layers.iter().find(has_set)?;
        let mut left_out = Self::without_sets(counts);
        left_out.rows.extend(untracked(counts, set));
        Some(left_out)
    }

    fn without_sets(counts: &Counts) -> Self {
        let excluded = EXCLUDED.iter().map(|(reason, words)| {
            let requests = counts.excluded(*reason);
            Row::new(reason.as_str(), words, requests)
        });
        Self {
            sets: counts.sets().map(str::to_owned).collect(),
            since: Utc(counts.since().into()),
            requests: counts.requests(),
            rows: excluded.chain(refused(counts)).collect(),
        }
    }

    /// Returns a title such as `Layer of delay and pricing`.
    pub(in crate::dashboard) fn title(&self) -> String {
        let more = self.sets.len().saturating_sub(NAMES);
        let named = self.sets.iter().take(NAMES).map(String::as_str);
        let more = (more > 0).then(|| format!("{} more", count(more as u64)));
        let named: Vec<&str> = named.chain(more.as_deref()).collect();
        match named.split_last() {
            None => "Layer without sets".to_owned(),
            Some((only, [])) => format!("Layer of {only}"),
            Some((last, others)) => format!("Layer of {} and {last}", others.join(", ")),
        }
    }

    /// Returns the number of all requests as it is written.
    pub(in crate::dashboard) fn all(&self) -> String {
        count(self.requests)
    }
}

impl Row {
    fn new(reason: &str, words: &str, requests: u64) -> Self {
        Self {
            reason: reason.to_owned(),
            set: None,
            requests,
            words: words.to_owned(),
        }
    }

    /// Returns the number as it is written.
    pub(in crate::dashboard) fn number(&self) -> String {
        count(self.requests)
    }
}

/// Returns the requests in no track of a set.
fn untracked(counts: &Counts, set: &str) -> impl Iterator<Item = Row> {
    UNTRACKED.iter().map(move |(reason, words)| Row {
        set: Some(set.to_owned()),
        ..Row::new(reason.as_str(), words, counts.untracked(set, *reason))
    })
}

/// Returns the requests of which nothing is stored, and those whose cookie or token was refused. Of tokens
/// there are rows only for reasons that occurred.
fn refused(counts: &Counts) -> Vec<Row> {
    let ephemeral = Row::new(
        "ephemeral",
        "In a track, but nothing was stored",
        counts.ephemeral(),
    );
    let cookies = Row::new(
        "refused-cookie",
        "Refused visitor cookies",
        counts.refused_cookies(),
    );
    #[cfg_attr(not(feature = "overrides"), expect(unused_mut))]
    let mut rows = vec![ephemeral, cookies];
    #[cfg(feature = "overrides")]
    rows.extend(TOKENS.iter().filter_map(|reason| {
        let (name, requests) = (reason.as_str().replace('_', "-"), counts.refused(*reason));
        let words = format!("Refused preview links: {reason}");
        (requests > 0).then(|| Row::new(&format!("refused-token-{name}"), &words, requests))
    }));
    rows
}
