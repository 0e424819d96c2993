//! The first exposure of each unit. A unit has a row for each track that it was exposed to, in a renamed
//! set under each name; they follow each other, so one pass finds the first and the time of the crossing.

use std::sync::Arc;

use crate::store::{error::StoreError, timestamp::Timestamp};

use super::{fold::Rows, question::Question, rows::ExposedUnit};

/// A unit, its first exposure in a phase, and when it was exposed to another track.
#[derive(Debug, Clone, Copy)]
pub(super) struct FirstExposure {
    pub(super) exposed: ExposedUnit,
    pub(super) crossed_at: Option<Timestamp>,
}

/// Returns the next unit that was exposed in time to a track that has a name.
///
/// Its track is that of its earliest exposure; of two at one time the one whose name is less, since
/// the order of rows differs from store to store.
pub(super) fn next_unit(
    rows: &mut Rows<'_, ExposedUnit>,
    question: &Question,
    tracks: &[Arc<str>],
) -> Result<Option<FirstExposure>, StoreError> {
    let counts = |row: &ExposedUnit| row.first_at < question.as_of && row.track < tracks.len();
    let mut found: Option<FirstExposure> = None;
    loop {
        let is_same = |row: &Result<ExposedUnit, _>| match (row, &found) {
            (Ok(row), Some(first)) => row.unit == first.exposed.unit,
            _ => true,
        };
        // Rows that do not count are taken too, so that the next unit begins at its own first row.
        let Some(row) = rows.next_if(is_same).transpose()? else {
            return Ok(found);
        };
        if counts(&row) {
            found = Some(match found {
                Some(first) => first.with(row, tracks),
                None => FirstExposure {
                    exposed: row,
                    crossed_at: None,
                },
            });
        }
    }
}

impl FirstExposure {
    /// Adds an exposure of the same unit, to another track or under another name of the set.
    fn with(self, row: ExposedUnit, tracks: &[Arc<str>]) -> Self {
        // By the name of the track, and not by its index, which is another one in another store.
        let order = |row: &ExposedUnit| (row.first_at, tracks.get(row.track).cloned());
        let (exposed, other) = match order(&row) < order(&self.exposed) {
            true => (row, self.exposed),
            false => (self.exposed, row),
        };
        let crossed_at = match exposed.track == other.track {
            true => self.crossed_at,
            false => self.crossed_at.into_iter().chain([other.first_at]).min(),
        };
        Self {
            exposed,
            crossed_at,
        }
    }
}
