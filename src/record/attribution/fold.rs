use std::{iter::Peekable, sync::Arc};

use crate::{
    event::Unit,
    record::{Definition, StoreError},
};

use super::{
    Attribution, CellKey, Question,
    rows::{ExposedUnit, ReachedGoal},
    tally::UnitGoals,
};

/// What a store answers in the order of units.
type Rows<'a, R> = Peekable<Box<dyn Iterator<Item = Result<R, StoreError>> + 'a>>;

/// Merges the exposures of a phase with the conversions of each goal of [`Question::streams`], all
/// of them in the order of units.
///
/// It holds one unit at a time. `tracks` are the names by the index that exposures have, `definitions`
/// those of the phase by theirs.
pub(in crate::record) fn fold<'a>(
    question: &Question,
    tracks: &[Arc<str>],
    _definitions: &[Definition],
    exposures: Box<dyn Iterator<Item = Result<ExposedUnit, StoreError>> + 'a>,
    conversions: Vec<Box<dyn Iterator<Item = Result<ReachedGoal, StoreError>> + 'a>>,
) -> Result<Attribution, StoreError> {
    let mut exposures: Rows<'_, ExposedUnit> = exposures.peekable();
    let mut fold = Fold {
        question,
        tracks,
        goals: question.streams(),
        answer: Attribution {
            goals: vec![Default::default(); question.goals.len()],
            ..Attribution::default()
        },
        reached: vec![Vec::new(); conversions.len()],
        conversions: conversions.into_iter().map(Iterator::peekable).collect(),
    };
    while let Some((exposed, is_crossed)) = next_unit(&mut exposures, question)? {
        match is_crossed {
            true => fold.answer.crossed += 1,
            false => fold.count(&exposed)?,
        }
    }
    Ok(fold.answer)
}

struct Fold<'q, 'a> {
    question: &'q Question,
    tracks: &'q [Arc<str>],
    goals: Vec<&'q crate::event::Goal>,
    answer: Attribution,
    conversions: Vec<Rows<'a, ReachedGoal>>,
    /// The conversions of the unit that is counted, by stream.
    reached: Vec<Vec<ReachedGoal>>,
}

/// Returns the next unit that was exposed in time, and whether it met several tracks.
fn next_unit(
    exposures: &mut Rows<'_, ExposedUnit>,
    question: &Question,
) -> Result<Option<(ExposedUnit, bool)>, StoreError> {
    let in_time = |row: &ExposedUnit| row.first_at < question.as_of;
    let first = loop {
        match exposures.next().transpose()? {
            Some(row) if in_time(&row) => break row,
            Some(_) => {}
            None => return Ok(None),
        }
    };
    let is_same = |row: &Result<ExposedUnit, _>| match row {
        Ok(row) => row.unit == first.unit,
        Err(_) => true,
    };
    let mut is_crossed = false;
    while let Some(row) = exposures.next_if(is_same) {
        is_crossed |= in_time(&row?);
    }
    Ok(Some((first, is_crossed)))
}

impl Fold<'_, '_> {
    fn count(&mut self, exposed: &ExposedUnit) -> Result<(), StoreError> {
        for (rows, reached) in self.conversions.iter_mut().zip(&mut self.reached) {
            conversions_of(exposed.unit, rows, reached)?;
        }
        let Some(track) = self.tracks.get(exposed.track) else {
            return Ok(());
        };
        let key = CellKey {
            track: Arc::clone(track),
            coin: exposed.coin,
            day: exposed.first_at.day(),
        };
        let unit = UnitGoals {
            question: self.question,
            exposed,
            streams: &self.reached,
            goals: &self.goals,
        };
        for (asked, cells) in self.question.goals.iter().zip(&mut self.answer.goals) {
            let total = unit.total(asked)?;
            cells.entry(key.clone()).or_default().add_unit(total)?;
        }
        *self.answer.units.entry(key).or_default() += 1;
        Ok(())
    }
}

/// Reads the conversions of a unit, each once, and passes those of units before it.
fn conversions_of(
    unit: Unit,
    rows: &mut Rows<'_, ReachedGoal>,
    reached: &mut Vec<ReachedGoal>,
) -> Result<(), StoreError> {
    reached.clear();
    let is_due = |row: &Result<ReachedGoal, _>| match row {
        Ok(row) => row.unit <= unit,
        Err(_) => true,
    };
    while let Some(row) = rows.next_if(is_due) {
        let row = row?;
        if row.unit == unit {
            reached.push(row);
        }
    }
    // A visitor's own and an alias's conversion may be the same. The least stays.
    reached.sort_unstable();
    reached.dedup_by_key(|row| row.idem);
    Ok(())
}
