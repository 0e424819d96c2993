//! Numbers made of bytes, the ends of their types among them; zeros when the bytes run out.

use tower_tracks::store::Timestamp;

/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;

pub(crate) struct Input<'a>(pub(crate) &'a [u8]);

impl Input<'_> {
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    pub(crate) fn one_in(&mut self, count: u8) -> bool {
        self.byte() % count == count - 1
    }

    pub(crate) fn pick<'p, T>(&mut self, items: &'p [T]) -> &'p T {
        &items[usize::from(self.byte()) % items.len()]
    }

    fn bits(&mut self) -> u64 {
        u64::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }

    pub(crate) fn count(&mut self) -> u64 {
        const ENDS: [u64; 8] = [
            0,
            1,
            1 << 53,
            (1 << 53) + 1,
            i64::MAX as u64,
            1 << 63,
            u64::MAX - 1,
            u64::MAX,
        ];
        match self.byte() % 4 {
            0 => *self.pick(&ENDS),
            1 => self.bits(),
            2 => u64::from(self.byte()),
            _ => self.bits() % 1_000_000,
        }
    }

    pub(crate) fn value(&mut self) -> i64 {
        const ENDS: [i64; 8] = [
            i64::MIN,
            i64::MIN + 1,
            i64::MAX,
            9_200_000_000_000_000_000,
            -9_200_000_000_000_000_000,
            -1,
            0,
            1,
        ];
        match self.byte() % 3 {
            0 => *self.pick(&ENDS),
            1 => self.bits() as i64,
            _ => i64::from(self.byte() as i8) * 1_000_000,
        }
    }

    /// Mostly within so many days, so that there is something to report.
    pub(crate) fn time_within(&mut self, days: std::ops::Range<i64>) -> Timestamp {
        let share = i64::from(self.byte());
        let within = (days.end - days.start) * DAY / 256 * share;
        let micros = match self.byte() % 32 {
            0 => self.value(),
            1 => *self.pick(&[i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX, DAY, -DAY]),
            _ => (20_458 + days.start) * DAY + within,
        };
        Timestamp::from_micros(micros)
    }

    pub(crate) fn time(&mut self) -> Timestamp {
        self.time_within(0..4)
    }

    /// Mostly later than conversions.
    pub(crate) fn as_of(&mut self) -> Timestamp {
        self.time_within(10..40)
    }
}
