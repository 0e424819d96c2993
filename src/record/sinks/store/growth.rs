//! The ceiling of a store: which new units are refused.

use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::{
    store::{Store, StoreError, Timestamp},
    unit::Unit,
    warn::warn,
};

use super::{ceiling::Ceiling, known::Known};

/// The interval at which the size of the store is read.
const LOOK: Duration = Duration::from_secs(5);

/// The number of new units after which the size is read before the interval is over.
const UNITS: u64 = 10_000;

/// The growth of a store, and whether it has room for a new unit.
///
/// Whether a unit is refused is a function of its hash and of when it came first: of nothing that a
/// track can move. The share that is admitted never grows while the recorder runs.
pub(super) struct Growth {
    ceiling: Ceiling,
    /// Units that are in the store, or were admitted recently.
    known: Known<Unit>,
    /// The share of new units that are admitted, from 0 to 1. It never grows.
    share: f64,
    day: i32,
    new_today: u64,
    is_large: bool,
    looked_at: Option<Instant>,
    new_since: u64,
    has_warned: bool,
}

impl Growth {
    /// Returns a state in which every new unit is admitted.
    pub(super) fn new(ceiling: Ceiling) -> Self {
        Self {
            ceiling,
            known: Known::default(),
            share: 1.0,
            day: i32::MIN,
            new_today: 0,
            is_large: false,
            looked_at: None,
            new_since: 0,
            has_warned: false,
        }
    }

    /// Returns whether the ceiling has a size of the store.
    pub(super) fn is_by_bytes(&self) -> bool {
        self.ceiling.bytes.is_some()
    }

    /// Returns whether a unit is new and refused. An admitted unit is known from then on, so that
    /// its later exposures are recorded.
    pub(super) fn refuses(
        &mut self,
        unit: Unit,
        store: &dyn Store,
        (wall, steady): (Timestamp, Instant),
    ) -> Result<bool, StoreError> {
        self.known.age(steady);
        if self.ceiling == Ceiling::default() || self.known.has(&unit, wall) {
            return Ok(false);
        }
        if !store.is_exposed(unit)? {
            self.look(store, steady)?;
            self.begin_day(wall.day());
            if self.is_large || self.left() == Some(0) || hash(unit) >= self.share {
                self.warn();
                return Ok(true);
            }
            self.count();
        }
        // Known as of any time: a clock that is set back does not make the unit new.
        self.known.insert(unit, Timestamp::MIN);
        Ok(false)
    }

    /// Reads the size of the store, if it is due.
    fn look(&mut self, store: &dyn Store, now: Instant) -> Result<(), StoreError> {
        let is_old = |at: Instant| now.saturating_duration_since(at) >= LOOK;
        let is_due = self.looked_at.is_none_or(is_old) || self.new_since >= UNITS;
        if let (Some(most), true) = (self.ceiling.bytes, is_due) {
            self.is_large = store.bytes()?.is_some_and(|bytes| bytes >= most);
            self.looked_at = Some(now);
            self.new_since = 0;
        }
        Ok(())
    }

    /// Counts from 0 on a later day. A clock that is set back starts no day.
    fn begin_day(&mut self, day: i32) {
        if day > self.day {
            (self.day, self.new_today) = (day, 0);
        }
    }

    /// Counts a new unit, and lowers the share once half of the ceiling is used: to the cube of
    /// what is left of the other half. By the cube, ten times as many units as the ceiling lower the
    /// share to 1 in 240; by the square root or the part itself it would soon be none.
    fn count(&mut self) {
        self.new_today += 1;
        self.new_since += 1;
        if let (Some(most), Some(left)) = (self.ceiling.new_units_a_day, self.left()) {
            let half = most.div_ceil(2).max(1) as f64;
            // Never 0, since the share does not grow again, not even on the next day.
            let part = (left.max(1) as f64 / half).min(1.0);
            self.share = self.share.min(part * part * part);
        }
    }

    /// Returns how many new units may still come on this day; `None` without a limit.
    fn left(&self) -> Option<u64> {
        let most = self.ceiling.new_units_a_day?;
        Some(most.saturating_sub(self.new_today))
    }

    /// Logs the first refusal.
    fn warn(&mut self) {
        if !std::mem::replace(&mut self.has_warned, true) {
            warn(format_args!(
                "the store has reached its ceiling, so new units are refused at random; they are \
                 counted as lost by set and track, with the reason ceiling"
            ));
        }
    }
}

/// Returns a number from 0 to 1 for a unit. The hash is of its own, so that it says nothing of tracks.
fn hash(unit: Unit) -> f64 {
    let digest = Sha256::new()
        .chain_update(b"tower-tracks ceiling")
        .chain_update(unit.to_bytes())
        .finalize();
    let first = digest.first_chunk().copied().unwrap_or_default();
    u64::from_be_bytes(first) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Memory;

    const DAY: i64 = 86_400_000_000;

    fn unit(number: u64) -> Unit {
        let mut bytes = [0; 16];
        bytes[8..].copy_from_slice(&number.to_be_bytes());
        Unit::from_bytes(bytes)
    }

    /// Returns which of so many new units are admitted on a day.
    fn admitted(growth: &mut Growth, units: std::ops::Range<u64>, day: i64) -> Vec<u64> {
        let (store, now) = (Memory::default(), Instant::now());
        let at = Timestamp::from_micros(day * DAY);
        let mut refuses = |number| growth.refuses(unit(number), &store, (at, now)).unwrap();
        units.filter(|number| !refuses(*number)).collect()
    }

    #[test]
    fn a_day_has_no_more_new_units_than_the_ceiling() {
        for most in [0, 1, 2, 10, 1_000] {
            let mut growth = Growth::new(Ceiling::default().new_units_a_day(most));
            let admitted = admitted(&mut growth, 0..100_000, 1).len() as u64;
            assert!(
                admitted <= most && admitted >= most.div_ceil(2),
                "{most}: {admitted}"
            );
        }
    }

    /// Otherwise units that return more often would be admitted more often.
    #[test]
    fn a_refused_unit_stays_refused_and_an_admitted_one_admitted() {
        let mut growth = Growth::new(Ceiling::default().new_units_a_day(1_000));
        let first = admitted(&mut growth, 0..10_000, 1);
        assert!((500..=1_000).contains(&first.len()), "{}", first.len());
        for day in [1, 2, 100, 0] {
            assert_eq!(admitted(&mut growth, 0..10_000, day), first);
        }
        // The next day admits new ones, of the same share at most.
        let share = growth.share;
        let next = admitted(&mut growth, 10_000..60_000, 101);
        assert!(next.iter().all(|number| hash(unit(*number)) < share));
        let expected = 50_000.0 * share;
        assert!(
            next.len() as f64 > 0.7 * expected && share > 0.001,
            "{share}"
        );
    }

    #[test]
    fn no_unit_is_refused_below_half_of_the_ceiling() {
        let mut growth = Growth::new(Ceiling::default().new_units_a_day(1_000));
        for day in 0..5 {
            let units = day * 500..(day + 1) * 500;
            assert_eq!(admitted(&mut growth, units, day as i64).len(), 500);
        }
    }

    #[test]
    fn hashes_are_even() {
        for share in [0.9, 0.5, 0.1] {
            let is_in = |number: &u64| hash(unit(*number)) < share;
            let found = (0..64_000).filter(is_in).count() as f64 / 64_000.0;
            assert!((found - share).abs() < 0.01, "{share}: {found}");
        }
    }
}
