use super::{Cell, Counted};

/// The units that each track needs.
const UNITS: u64 = 100;

/// The converters that each track needs, and as many others.
const CONVERTERS: u64 = 10;

/// What a track still lacks before anything is said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Missing {
    /// Units, of 100.
    pub units: u64,
    /// Units that convert, of 10.
    pub converters: u64,
    /// Units that do not, of 10; of a rate alone.
    pub others: u64,
}

impl Missing {
    /// What the one of two tracks lacks that lacks more; `None` when neither lacks anything.
    pub(super) fn of(control: &Cell, track: &Cell) -> Option<Self> {
        let (one, other) = (Self::of_cell(control), Self::of_cell(track));
        let missing = Self {
            units: one.units.max(other.units),
            converters: one.converters.max(other.converters),
            others: one.others.max(other.others),
        };
        (missing != Self::default()).then_some(missing)
    }

    fn of_cell(cell: &Cell) -> Self {
        let (converters, others) = match (&cell.counted, cell.converters) {
            (Counted::Rate(rate), _) => (rate.converters, rate.others()),
            (_, Some(converters)) => (converters, CONVERTERS),
            (_, None) => (CONVERTERS, CONVERTERS),
        };
        let rows = match &cell.counted {
            Counted::Ratio(ratio) => ratio.rows.min(ratio.units),
            counted => counted.units(),
        };
        Self {
            units: UNITS.saturating_sub(rows),
            converters: CONVERTERS.saturating_sub(converters),
            others: CONVERTERS.saturating_sub(others),
        }
    }
}
