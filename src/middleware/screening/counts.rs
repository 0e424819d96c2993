use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use crate::assign::{Reason, Sets};

use crate::middleware::group::{Flags, Member};
#[cfg(feature = "overrides")]
use crate::middleware::overrides::Refused;

/// Live numbers of a layer: its requests, those that it excluded, and the sets that no handler
/// read.
///
/// [`TracksLayer::counts`](crate::TracksLayer::counts) returns it. The numbers are of this process,
/// from its start.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    numbers: Arc<Numbers>,
    /// The sets of each group, and which of them a handler read.
    read: Arc<[(Arc<Sets>, Flags)]>,
}

#[derive(Debug, Default)]
struct Numbers {
    requests: AtomicU64,
    bot: AtomicU64,
    speculative: AtomicU64,
    excluded: AtomicU64,
    no_consent: AtomicU64,
    ephemeral: AtomicU64,
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    refused_cookies: AtomicU64,
    #[cfg(feature = "overrides")]
    refused: [AtomicU64; Refused::ALL.len()],
}

impl Counts {
    /// Returns how many requests reached the layer, excluded ones among them.
    pub fn requests(&self) -> u64 {
        self.numbers.requests.load(Relaxed)
    }

    /// Returns the names of the sets of which no handler has read a track.
    ///
    /// A set that is never read is never recorded. A group chooses one of its sets for a visitor,
    /// so that a new set may wait for its first visitor.
    pub fn unread(&self) -> impl Iterator<Item = &str> {
        let sets = self.read.iter().flat_map(|(sets, read)| {
            let unread = sets.iter().enumerate();
            unread.filter(|(index, _)| !read.is_up(*index))
        });
        sets.map(|(_, set)| set.name())
    }

    /// Returns how many requests were in no test for a reason: [`Reason::Bot`],
    /// [`Reason::Speculative`], [`Reason::Excluded`] or [`Reason::NoConsent`]. Of other reasons
    /// there is no number, and it returns 0.
    pub fn excluded(&self, reason: Reason) -> u64 {
        self.number(reason).map_or(0, |number| number.load(Relaxed))
    }

    /// Returns how many requests were in a track with [`Consent::Ephemeral`](crate::Consent), so
    /// that nothing was kept of them.
    pub fn ephemeral(&self) -> u64 {
        self.numbers.ephemeral.load(Relaxed)
    }

    /// Returns how many visitors' cookies were refused: unsigned ones where
    /// [they are signed](crate::TracksLayer::sign), and those signed by none of the secrets. Without
    /// another key, such a request is a new visitor's.
    ///
    /// Of more than eight wrong signatures in one request, eight are counted.
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    pub fn refused_cookies(&self) -> u64 {
        self.numbers.refused_cookies.load(Relaxed)
    }

    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    pub(crate) fn add_refused_cookie(&self) {
        self.numbers.refused_cookies.fetch_add(1, Relaxed);
    }

    /// Returns how many tokens were refused for a reason.
    #[cfg(feature = "overrides")]
    pub fn refused(&self, reason: Refused) -> u64 {
        let number = self.numbers.refused.get(reason as usize);
        number.map_or(0, |number| number.load(Relaxed))
    }

    #[cfg(feature = "overrides")]
    pub(crate) fn add_refused(&self, reason: Refused) {
        if let Some(number) = self.numbers.refused.get(reason as usize) {
            number.fetch_add(1, Relaxed);
        }
    }

    /// Returns the same numbers, with the sets of these groups.
    pub(crate) fn of(&self, groups: &[Member]) -> Self {
        let sets = |member: &Member| (Arc::clone(member.sets()), member.read.clone());
        Self {
            numbers: Arc::clone(&self.numbers),
            read: groups.iter().map(sets).collect(),
        }
    }

    pub(crate) fn add_request(&self) {
        self.numbers.requests.fetch_add(1, Relaxed);
    }

    pub(crate) fn add(&self, reason: Reason) {
        if let Some(number) = self.number(reason) {
            number.fetch_add(1, Relaxed);
        }
    }

    pub(crate) fn add_ephemeral(&self) {
        self.numbers.ephemeral.fetch_add(1, Relaxed);
    }

    fn number(&self, reason: Reason) -> Option<&AtomicU64> {
        let Numbers {
            bot,
            speculative,
            excluded,
            no_consent,
            ..
        } = &*self.numbers;
        match reason {
            Reason::Bot => Some(bot),
            Reason::Speculative => Some(speculative),
            Reason::Excluded => Some(excluded),
            Reason::NoConsent => Some(no_consent),
            _ => None,
        }
    }
}
