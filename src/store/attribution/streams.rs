//! The conversions of several goals, side by side. A heap holds the next unit of each stream, so a
//! unit without conversions costs one look at the heap, with any number of goals.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{store::error::StoreError, unit::Unit};

use super::rows::ReachedGoal;

/// The conversions of a goal, which come in the order of their units.
pub(super) type Stream<'a> = Box<dyn Iterator<Item = Result<ReachedGoal, StoreError>> + 'a>;

/// The conversions of all goals, unit by unit. What a unit costs depends on what it reached, not on
/// how many goals there are.
pub(super) struct Streams<'a> {
    /// The rows after those in `heads`.
    rows: Vec<Stream<'a>>,
    /// The next row of each stream.
    heads: Vec<Option<ReachedGoal>>,
    /// Which stream has the next unit.
    order: BinaryHeap<Reverse<(Unit, usize)>>,
    /// The conversions of the current unit, each once, by stream.
    reached: Vec<Vec<ReachedGoal>>,
    /// The streams that have some of them.
    with_some: Vec<usize>,
}

impl<'a> Streams<'a> {
    /// Reads the first row of each stream.
    pub(super) fn new(rows: Vec<Stream<'a>>) -> Result<Self, StoreError> {
        let count = rows.len();
        let mut streams = Self {
            rows,
            heads: vec![None; count],
            order: BinaryHeap::with_capacity(count),
            reached: vec![Vec::new(); count],
            with_some: Vec::new(),
        };
        for stream in 0..count {
            streams.advance(stream)?;
            streams.queue(stream);
        }
        Ok(streams)
    }

    /// Takes the conversions of a unit, and passes those of units before it.
    pub(super) fn go_to(&mut self, unit: Unit) -> Result<(), StoreError> {
        for stream in self.with_some.drain(..) {
            self.reached[stream].clear();
        }
        // Streams that are behind have units without an exposure, whose conversions count for
        // nothing.
        while let Some(Reverse((next, stream))) = self.order.peek().copied()
            && next <= unit
        {
            self.order.pop();
            self.take(unit, stream)?;
            self.queue(stream);
        }
        Ok(())
    }

    /// Returns the conversions of the current unit in a stream.
    pub(super) fn reached(&self, stream: usize) -> &[ReachedGoal] {
        self.reached.get(stream).map_or(&[], Vec::as_slice)
    }

    /// Returns the streams in which the current unit has conversions.
    pub(super) fn with_some(&self) -> &[usize] {
        &self.with_some
    }

    /// Moves the rows of a unit from a stream into the list of the current unit, and drops earlier
    /// rows.
    fn take(&mut self, unit: Unit, stream: usize) -> Result<(), StoreError> {
        while let Some(row) = self.heads[stream]
            && row.unit <= unit
        {
            if row.unit == unit {
                self.reached[stream].push(row);
            }
            self.advance(stream)?;
        }
        let reached = &mut self.reached[stream];
        if !reached.is_empty() {
            // A visitor's own and an alias's conversion may be the same. The least stays.
            reached.sort_unstable();
            reached.dedup_by_key(|row| row.idem);
            self.with_some.push(stream);
        }
        Ok(())
    }

    /// Reads the next row of a stream.
    fn advance(&mut self, stream: usize) -> Result<(), StoreError> {
        self.heads[stream] = self.rows[stream].next().transpose()?;
        Ok(())
    }

    /// Puts a stream into the heap, by the unit of its next row. A stream that has ended is left
    /// out.
    fn queue(&mut self, stream: usize) {
        let next = self.heads[stream].map(|row| Reverse((row.unit, stream)));
        self.order.extend(next);
    }
}
