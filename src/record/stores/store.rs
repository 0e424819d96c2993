use std::{collections::BTreeMap, fmt, time::Duration};

use crate::{
    event::{Goal, Unit},
    record::{
        Attribution, Batch, ErasedRow, PhaseName, Question, RequestSums, Timestamp, TrackName,
    },
};

use super::{
    BusiestSecond, History, InvalidRows, Loss, Overlap, Phase, Readout, StoreError, Written,
    check_kinds,
};

/// Where facts are kept, and results read.
///
/// All of its methods may wait for I/O, so none belongs on a request path or on a thread of an
/// async runtime: there, `spawn_blocking` is the way. They may be called from many threads.
///
/// Writing is a union: the same facts in any order, any number of times, from any number of
/// writers, give the same tables. So what may or may not have been written is written again.
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// Says how units are made, as a text that betrays nothing; the first who says it, decides.
    ///
    /// # Errors
    ///
    /// [`OtherUnits`](super::StoreErrorKind::OtherUnits) when the store has other units.
    fn claim(&self, units: &str) -> Result<(), StoreError>;

    /// Returns how units are made, as it was [claimed](Self::claim); `None` where nobody said it, or
    /// the store does not tell. Defaults to the latter.
    fn units(&self) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    /// Returns how often the place that the store keeps its facts in was found deleted or replaced
    /// since it was opened; this looks once more. Defaults to 0, for stores to which that cannot
    /// happen unnoticed.
    ///
    /// After it has grown, what was written before is to be written again, and
    /// [claimed](Self::claim) before that.
    ///
    /// # Errors
    ///
    /// When there is no place to write to.
    fn replacements(&self) -> Result<u64, StoreError> {
        Ok(0)
    }

    /// Writes a batch, all of it or nothing.
    ///
    /// Rows are sorted and repetitions merged before, so that two who write at once cannot
    /// block each other. Erasures come first; a row whose unit was erased at or after its time is
    /// not written, nor is what was set aside by then and names the unit, nor the key of an erased
    /// unit of which there are no facts.
    ///
    /// # Errors
    ///
    /// [`Refused`](super::StoreErrorKind::Refused) when a row refers to what the batch does not
    /// list.
    fn write(&self, batch: &Batch) -> Result<Written, StoreError>;

    /// Returns all phases, by the name of their set, then by number.
    fn phases(&self) -> Result<Vec<Phase>, StoreError>;

    /// Returns all goals that were reached, or of which a conversion was lost, sorted.
    fn goals(&self) -> Result<Vec<Goal>, StoreError>;

    /// Counts, by table, the rows with names or texts that are not allowed. A store that somebody else
    /// wrote may have some.
    ///
    /// No other method returns these rows, nor the rows that refer to them. There are two exceptions:
    /// an exposure loses its segment alone, and a writer its node alone. Keys of units of such a kind
    /// are left out as well, and are not counted. Defaults to none, for stores that cannot have such
    /// rows.
    ///
    /// Names are those that [`Set`](crate::Set) and [`Goal`] allow; other texts have at most 4 KiB
    /// and no zero byte; definitions and plans are JSON of at most 4 MiB.
    fn invalid_rows(&self) -> Result<Vec<InvalidRows>, StoreError> {
        Ok(Vec::new())
    }

    /// Counts the exposures of a phase, and whose conversions are whose; `None` where the phase is
    /// not known. [`Attribution`] says how. The memory that it takes does not depend on how many
    /// units there are.
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError>;

    /// Counts the conversions of each goal on each UTC day, of all units, up to a time.
    fn conversions_by_day(
        &self,
        as_of: Timestamp,
    ) -> Result<BTreeMap<(Goal, i32), u64>, StoreError>;

    /// Counts the units of a phase that the previous phase of the set is about, too, and the users
    /// that were exposed to several tracks. `previous` is that phase, with its longest window.
    /// Nothing where the phase is not known.
    fn overlap(
        &self,
        phase: &PhaseName,
        previous: Option<(&PhaseName, Duration)>,
        as_of: Timestamp,
    ) -> Result<Overlap, StoreError>;

    /// Returns the second of UTC, before a time, in which the most units were first exposed to one track
    /// of a phase; of several the earliest, then that of the track whose name comes first. `None` where
    /// there is no exposure.
    ///
    /// A report asks for it where the tracks do not have the units that they should have. Defaults to
    /// `None`, for stores that do not know.
    fn busiest_second(
        &self,
        phase: &PhaseName,
        as_of: Timestamp,
    ) -> Result<Option<BusiestSecond>, StoreError> {
        let _ = (phase, as_of);
        Ok(None)
    }

    /// Returns what the requests of a phase summed up to, for each track and each bucket of units,
    /// over all writers.
    fn sums(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u16), RequestSums>, StoreError>;

    /// Returns what did not come into sinks, over all writers, sorted.
    fn losses(&self) -> Result<Vec<Loss>, StoreError>;

    /// Returns all that is known of a unit.
    fn history(&self, unit: Unit) -> Result<History, StoreError>;

    /// Returns a part of what is known of a unit: of its exposures, of its conversions and of its
    /// aliases, each in the order of [`History`], at most `limit` after the first `from`.
    ///
    /// Defaults to a part of [`history`](Self::history), which a store reads in whole then.
    fn history_part(&self, unit: Unit, from: usize, limit: usize) -> Result<History, StoreError> {
        Ok(self.history(unit)?.part(from, limit))
    }

    /// Returns whether an exposure of a unit is stored.
    ///
    /// Defaults to a look at [`history_part`](Self::history_part).
    fn is_exposed(&self, unit: Unit) -> Result<bool, StoreError> {
        Ok(!self.history_part(unit, 0, 1)?.exposures.is_empty())
    }

    /// Returns how many bytes the stored facts take, for a [`Ceiling`](crate::record::Ceiling);
    /// `None` where the store does not know, which is the default.
    fn bytes(&self) -> Result<Option<u64>, StoreError> {
        Ok(None)
    }

    /// Erases what is known of a unit up to a time, and returns how many rows that were. What
    /// happened by then cannot be written again, as from a log; what happens later can.
    ///
    /// It reaches this store alone: neither files of lines, nor backups, nor logs, nor the sums
    /// over requests, from which one unit cannot be subtracted.
    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError>;

    /// Forgets the exposures and the request sums of phases that are not `running` and in which
    /// nobody was exposed for the first time since `before`. After that, it forgets conversions from
    /// before then, but not those of units that are in a phase still, nor of whoever is aliased by
    /// a visitor who is; aliases from before then, of which neither side is in a phase; and the keys
    /// of units of which no fact is left. Returns how many exposures and conversions that were.
    ///
    /// Phases are compared by set and number. Their names, definitions and losses stay.
    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError>;

    /// Hands out everything, in batches of any size, to be written elsewhere: a snapshot of one
    /// moment. Read-outs are not handed out, since they can be computed.
    ///
    /// Erasures come before facts, and the keys of units after them, since what may come in depends
    /// on that order.
    fn dump(&self, each: &mut dyn FnMut(Batch) -> Result<(), StoreError>)
    -> Result<(), StoreError>;

    /// Writes everything that another store has, and returns what became of it.
    ///
    /// # Errors
    ///
    /// [`OtherUnits`](super::StoreErrorKind::OtherUnits) when it has other units, so that nobody of
    /// there would be anybody here, or when a phase is about another unit there.
    fn merge(&self, other: &dyn Store) -> Result<Written, StoreError> {
        if let Some(units) = other.units()? {
            self.claim(&units)?;
        }
        check_kinds(&self.phases()?, &other.phases()?)?;
        let mut written = Written::default();
        other.dump(&mut |batch| {
            written += self.write(&batch)?;
            Ok(())
        })?;
        Ok(written)
    }

    /// Stores what was computed of a phase, in the place of what was.
    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError>;

    /// Returns the read-outs of this kind, of all phases, by set and number.
    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError>;
}
