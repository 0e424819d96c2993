//! The detection of one visitor who is counted as several: several fragments of one document each get
//! a visitor cookie.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use crate::middleware::request::Fragment;

/// The number of distinct fragments from which on they are taken for those of one visitor.
const MANY: usize = 3;

/// The time within which they must come.
const SECOND: Duration = Duration::from_secs(1);

/// The number of documents that are watched at once. A further one replaces one of them, so memory is
/// bounded.
const DOCUMENTS: usize = 16;

/// The fragments that recently got a new visitor's cookie, by their documents. Each request with such a
/// fragment takes the lock, until the warning is logged.
#[derive(Debug, Default)]
pub(crate) struct Bursts(Mutex<[Burst; DOCUMENTS]>);

/// The fragments of one document.
#[derive(Debug, Clone, Copy)]
struct Burst {
    page: u64,
    began: SystemTime,
    /// The distinct fragments: two requests for the same one are two visitors.
    targets: [Option<u64>; MANY],
}

impl Default for Burst {
    fn default() -> Self {
        // A document with the hash 0 is not taken for this one, because 1970 is more than a second ago.
        Self::new(0, SystemTime::UNIX_EPOCH)
    }
}

impl Bursts {
    /// Notes a fragment, and returns whether its document has had many within a second.
    pub(crate) fn add(&self, fragment: Fragment, now: SystemTime) -> bool {
        let mut bursts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The place follows from the hash, so that a document is found without a search.
        let place = fragment.page as usize % DOCUMENTS;
        bursts.get_mut(place).is_some_and(|burst| {
            if !burst.is_of(fragment.page, now) {
                *burst = Burst::new(fragment.page, now);
            }
            burst.add(fragment.target)
        })
    }
}

impl Burst {
    fn new(page: u64, began: SystemTime) -> Self {
        Self {
            page,
            began,
            targets: [None; MANY],
        }
    }

    /// Returns whether a fragment belongs to this burst: the same document, less than a second after
    /// its beginning.
    fn is_of(&self, page: u64, now: SystemTime) -> bool {
        let age = now.duration_since(self.began);
        self.page == page && age.is_ok_and(|age| age < SECOND)
    }

    /// Adds a fragment, and returns whether there are [`MANY`].
    fn add(&mut self, target: u64) -> bool {
        let is_known = self.targets.contains(&Some(target));
        let free = self.targets.iter_mut().find(|free| free.is_none());
        if let Some(free) = free.filter(|_| !is_known) {
            *free = Some(target);
        }
        self.targets.iter().all(Option::is_some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds fragments, as page, target and milliseconds, and checks whether the last is one of many.
    #[track_caller]
    fn check(fragments: &[(u64, u64, u64)], expected: bool) {
        let bursts = Bursts::default();
        let add = |(page, target, at): &(u64, u64, u64)| {
            let now = SystemTime::UNIX_EPOCH + Duration::from_millis(10_000 + at);
            let (page, target) = (*page, *target);
            bursts.add(Fragment { page, target }, now)
        };
        let are_many: Vec<bool> = fragments.iter().map(add).collect();
        let (last, before) = are_many.split_last().unwrap();
        assert_eq!(*last, expected);
        assert!(before.iter().all(|many| !many));
    }

    #[test]
    fn many_of_one_document_within_a_second() {
        check(&[(1, 1, 0), (1, 2, 5), (1, 3, 999)], true);
        check(&[(1, 1, 0), (2, 1, 5), (1, 2, 5), (1, 3, 999)], true);
    }

    #[test]
    fn fewer_or_other_ones() {
        check(&[(1, 1, 0), (1, 2, 5)], false);
        check(&[(1, 1, 0), (1, 1, 5), (1, 1, 6), (1, 2, 7)], false);
        check(&[(1, 1, 0), (1, 2, 5), (2, 3, 6)], false);
        check(&[(1, 1, 0), (1, 2, 5), (1, 3, 1000)], false);
        // The clock was set back.
        check(&[(1, 1, 900), (1, 2, 905), (1, 3, 0)], false);
        // Two that are watched in the same place.
        check(&[(1, 1, 0), (1, 2, 5), (17, 1, 6), (1, 3, 7)], false);
    }
}
