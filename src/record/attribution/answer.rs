use std::collections::BTreeMap;

use super::{Cell, CellKey};

/// Who was exposed in a phase, and whose conversions are whose.
///
/// A unit's conversions count from its first exposure on, less the skew, until its window is over
/// or the time of the question has come. A unit that met more than one track is *crossed*: it is
/// counted, and left out of everything else. In a set by visitor, a conversion of somebody who is
/// no visitor counts for one visitor: that of the latest alias that is not after it; of several at
/// one time the one whose unit is least.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attribution {
    /// How many units were exposed, without those that are crossed.
    pub units: BTreeMap<CellKey, u64>,
    /// How many units met more than one track.
    pub crossed: u64,
    /// The sums of each goal, in the order of the question.
    pub goals: Vec<BTreeMap<CellKey, Cell>>,
}
