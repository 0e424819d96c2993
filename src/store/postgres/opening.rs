//! Whether the store was opened: its tables found or made, and its units claimed. A lazy store is
//! opened by its first use.
//!
//! state | the tables | at the next use
//! --- | --- | ---
//! `New` | were not looked for | are found or made
//! `Found` | are there | are used
//! `Lost` | were there, and are gone | are found, or made in a new empty schema

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    claim::claim_new,
    failure::Outcome,
    migrate::{is_migrated, migrate},
    place::Place,
    within::within,
};
use crate::store::{
    claim::other_units,
    error::{StoreError, StoreErrorKind},
};

/// Whether the tables of a store were found, and what it has to be claimed for.
#[derive(Default)]
pub(super) struct Opening(Mutex<Inner>);

/// The state, and the claim that is made when the store is opened.
#[derive(Default)]
struct Inner {
    tables: Tables,
    claim: Option<String>,
}

/// The state of the tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Tables {
    /// They were not checked yet.
    #[default]
    New,
    /// They exist with the current version.
    Found,
    /// They were there, and are gone.
    Lost,
}

/// Finds the tables or makes them, and claims the store, unless that was done.
pub(super) async fn open(place: Place) -> Outcome<()> {
    let (limits, opening) = (*place.limits(), place.opening());
    if opening.is_found() {
        return Ok(());
    }
    // Two threads may both come here: each step looks first, and does nothing that was done.
    if !within(limits.operation, is_migrated(&place)).await? {
        let limit = limits.scan.saturating_add(limits.connection());
        within(limit, migrate(&place)).await?;
    }
    if let Some(units) = opening.claim() {
        within(limits.operation, claim_new(&place, units)).await?;
    }
    // Last, so that the next use begins again if the claim fails.
    opening.inner().tables = Tables::Found;
    Ok(())
}

impl Opening {
    /// Returns whether the store is open.
    pub(super) fn is_found(&self) -> bool {
        self.inner().tables == Tables::Found
    }

    /// Returns whether the tables were there once. Then a missing schema is not made again: it may
    /// have another name for a while, or be restored from a backup.
    pub(super) fn is_lost(&self) -> bool {
        self.inner().tables == Tables::Lost
    }

    /// Notes that the tables are gone, and returns the error.
    pub(super) fn lose(&self, schema: &str) -> StoreError {
        let mut inner = self.inner();
        // What was never found is not lost: then the tables may be made at the next use.
        if inner.tables == Tables::Found {
            inner.tables = Tables::Lost;
        }
        missing(schema)
    }

    /// Keeps a claim until the store is opened for the first time. Returns whether it is kept, and
    /// so not yet made.
    ///
    /// # Errors
    ///
    /// When another claim is kept.
    pub(super) fn keep(&self, units: &str) -> Result<bool, StoreError> {
        let mut inner = self.inner();
        if inner.tables != Tables::New {
            return Ok(false);
        }
        let kept = inner.claim.get_or_insert_with(|| units.to_owned());
        match kept == units {
            true => Ok(true),
            false => Err(other_units()),
        }
    }

    /// Notes a claim that was made, to make it again in new tables.
    pub(super) fn claimed(&self, units: &str) {
        self.inner().claim = Some(units.to_owned());
    }

    fn claim(&self) -> Option<String> {
        self.inner().claim.clone()
    }

    /// Locks the state. The lock is never held during a query.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the error of a schema without our tables.
pub(super) fn missing(schema: &str) -> StoreError {
    let message = format!("the tables of the store are not in the schema {schema:?} of PostgreSQL");
    StoreError::new(StoreErrorKind::Unavailable, message)
}
