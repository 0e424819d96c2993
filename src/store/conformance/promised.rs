use std::mem;

use crate::store::{Promises, Rows, Written};

/// Returns the counts of a write as a store with these promises returns them: it may count known facts as new.
pub(super) fn promised(promises: Promises, written: Written) -> Written {
    Written {
        exposures: promised_rows(promises, written.exposures),
        conversions: promised_rows(promises, written.conversions),
        aliases: promised_rows(promises, written.aliases),
    }
}

/// Returns the counts of rows, likewise.
pub(super) fn promised_rows(promises: Promises, mut rows: Rows) -> Rows {
    if !promises.counts_new {
        rows.new += mem::take(&mut rows.known);
    }
    rows
}
