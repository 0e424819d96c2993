use std::{collections::BTreeMap, fmt, time::Duration};

use super::{
    attribution::{Attribution, Question},
    facts::{Batch, ErasedRow, PhaseName, RequestSums, TrackName},
    timestamp::Timestamp,
};
use crate::{event::Goal, unit::Unit};

use super::{
    catalog::{BusiestSecond, History, InvalidRows, Loss, Overlap, Phase, Readout},
    error::StoreError,
    kinds::check_kinds,
    written::Written,
};

/// Stores facts, and returns the numbers of a report.
///
/// All methods may wait for I/O. So do not call them on a request path or on a thread of an async
/// runtime; use `spawn_blocking` there. They may be called from several threads at once.
///
/// Writing is a union: the same facts in any order, any number of times, from any number of writers,
/// yield the same tables. So a write can be repeated if it is not known whether it succeeded.
///
/// The module `conformance`, behind the feature `test-util`, has tests for your own store.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a store",
    label = "expected a store of facts",
    note = "`Memory`, `Sqlite` and `Postgres` are stores, and so is an `Arc` of one; your own type implements `Store`"
)]
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// Claims the store for one scheme of units, given as a text that does not reveal the secret. The
    /// first claim wins.
    ///
    /// # Errors
    ///
    /// [`OtherUnits`](crate::store::StoreErrorKind::OtherUnits) if the store was claimed for other units.
    fn claim(&self, units: &str) -> Result<(), StoreError>;

    /// Returns the [claimed](Self::claim) scheme of units; `None` if there is no claim, or the store does
    /// not support it, which is the default.
    fn units(&self) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    /// Checks the file or schema of the store, and returns how often it was found deleted or replaced
    /// since it was opened. Defaults to 0, for stores that always notice this themselves.
    ///
    /// If the number has grown, call [`claim`](Self::claim) and repeat the writes.
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    fn replacements(&self) -> Result<u64, StoreError> {
        Ok(0)
    }

    /// Writes a batch, either all of it or nothing.
    ///
    /// Rows are sorted and repetitions merged before, so that concurrent writers cannot deadlock.
    /// Erasures come first. A row is not written if its unit was erased at or after its time. The same
    /// applies to rows that were set aside, and to the key of an erased unit without facts.
    ///
    /// # Errors
    ///
    /// [`Refused`](crate::store::StoreErrorKind::Refused) if a row refers to an item that the batch does
    /// not list.
    fn write(&self, batch: &Batch) -> Result<Written, StoreError>;

    /// Returns all phases, sorted by the name of their set, then by number.
    fn phases(&self) -> Result<Vec<Phase>, StoreError>;

    /// Returns all goals with a conversion or a lost conversion, sorted.
    fn goals(&self) -> Result<Vec<Goal>, StoreError>;

    /// Counts, by table, the rows with names or texts that are not allowed. A store that another program
    /// wrote may have some.
    ///
    /// No other method returns these rows, or rows that refer to them. There are two exceptions: an
    /// exposure loses only its segment, and a writer only its node. Keys of units of an invalid kind are
    /// left out as well, and are not counted. Defaults to none, for stores that cannot have such rows.
    ///
    /// Names are those that [`Set`](crate::assign::Set) and [`Goal`] allow; other texts have at most 4 KiB
    /// and no zero byte; definitions and plans are JSON of at most 4 MiB.
    fn invalid_rows(&self) -> Result<Vec<InvalidRows>, StoreError> {
        Ok(Vec::new())
    }

    /// Counts the exposures of a phase, and attributes conversions to its units; `None` if the phase is
    /// unknown. [`Attribution`] documents the rules. The memory use does not depend on the number of
    /// units.
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError>;

    /// Counts the conversions of each goal on each UTC day, of all units, up to a time.
    fn conversions_by_day(
        &self,
        as_of: Timestamp,
    ) -> Result<BTreeMap<(Goal, i32), u64>, StoreError>;

    /// Counts the units of a phase that were also in the previous phase of the set, and the users who
    /// were exposed to several tracks. `previous` is that phase with its longest window. All counts are
    /// 0 if the phase is unknown.
    fn overlap(
        &self,
        phase: &PhaseName,
        previous: Option<(&PhaseName, Duration)>,
        as_of: Timestamp,
    ) -> Result<Overlap, StoreError>;

    /// Returns the second in UTC, before a time, in which the most units were first exposed to one track
    /// of a phase. Of several, it is the earliest, then the one whose track has the smallest name.
    /// `None` if there is no exposure.
    ///
    /// A report uses it if there is a sample ratio mismatch. Defaults to `None`, for stores that do not
    /// support it.
    fn busiest_second(
        &self,
        phase: &PhaseName,
        as_of: Timestamp,
    ) -> Result<Option<BusiestSecond>, StoreError> {
        let _ = (phase, as_of);
        Ok(None)
    }

    /// Returns the sums over the requests of a phase, for each track and each bucket of units, over all
    /// writers.
    fn sums(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u16), RequestSums>, StoreError>;

    /// Returns the lost events of all writers, sorted.
    fn losses(&self) -> Result<Vec<Loss>, StoreError>;

    /// Returns all facts of a unit.
    fn history(&self, unit: Unit) -> Result<History, StoreError>;

    /// Returns a part of the facts of a unit: of its exposures, conversions and aliases, each in the order
    /// of [`History`], at most `limit` after the first `from`.
    ///
    /// Defaults to a part of [`history`](Self::history), which then reads all facts.
    fn history_part(&self, unit: Unit, from: usize, limit: usize) -> Result<History, StoreError> {
        Ok(self.history(unit)?.part(from, limit))
    }

    /// Returns whether an exposure of a unit is stored.
    ///
    /// Defaults to a call of [`history_part`](Self::history_part).
    fn is_exposed(&self, unit: Unit) -> Result<bool, StoreError> {
        Ok(!self.history_part(unit, 0, 1)?.exposures.is_empty())
    }

    /// Returns the size of the stored facts in bytes, for a [`Ceiling`](crate::record::Ceiling); `None` if
    /// the store does not know it, which is the default.
    fn bytes(&self) -> Result<Option<u64>, StoreError> {
        Ok(None)
    }

    /// Deletes the facts of a unit up to a time, and returns the number of deleted rows. Facts up to that
    /// time cannot be written again, for instance from a log; later facts can.
    ///
    /// It deletes from this store only, not from JSON lines, backups or logs. It does not change sums
    /// over requests, because the part of one unit is not known.
    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError>;

    /// Deletes the exposures and the request sums of phases that are not `running` and have no first
    /// exposure since `before`. Then it deletes
    ///
    /// * conversions before that time, except those of units that are still in a phase, and of users
    ///   with an alias to such a visitor;
    /// * aliases before that time, if neither side is in a phase;
    /// * the keys of units without facts.
    ///
    /// Returns the number of deleted exposures and conversions.
    ///
    /// Phases are compared by set and number. Their names, definitions and losses stay.
    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError>;

    /// Passes all rows to `each`, in batches of any size, to be written elsewhere. They are one snapshot.
    /// Read-outs are omitted, because they can be computed.
    ///
    /// Erasures come before facts, and the keys of units after them, because
    /// [`write`](Self::write) depends on that order.
    fn dump(&self, each: &mut dyn FnMut(Batch) -> Result<(), StoreError>)
    -> Result<(), StoreError>;

    /// Writes all rows of another store, and returns the counts.
    ///
    /// # Errors
    ///
    /// [`OtherUnits`](crate::store::StoreErrorKind::OtherUnits) if it was claimed for other units, so
    /// that no unit would match, or if a phase has another kind of unit there.
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

    /// Stores the read-out of a phase, and replaces the previous one.
    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError>;

    /// Returns the read-outs of this kind for all phases, sorted by set and number.
    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError>;
}
