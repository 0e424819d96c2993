//! Names by id. The names of a store are few, so a dump reads all of them first, and its statements
//! need no joins.
//!
//! A name that is not allowed is `None`, and the rows that refer to it are left out. An id without
//! a row is an error: no version of this crate leaves one.

use std::{collections::HashMap, sync::Arc};

use crate::{
    event::Goal,
    store::{
        error::{StoreError, StoreErrorKind},
        facts::{Batch, DefinitionName, PhaseName, TrackName, WriterRow},
    },
};

use super::columns::Columns;

/// What rows refer to by its id.
pub(in crate::store) trait Name: Sized {
    /// The table.
    const TABLE: &'static str;

    /// Selects all rows, with the id as the first column.
    const ALL: &'static str;

    /// Reads the columns after the id; `None` if the name is not allowed.
    fn read<R: Columns>(row: &R) -> Result<Option<Self>, R::Failure>;
}

impl Name for WriterRow {
    const TABLE: &'static str = "writer";
    const ALL: &'static str = "SELECT id, uuid, node, started_at FROM writer";

    /// One whose node is not allowed stays without it, and its facts with it.
    fn read<R: Columns>(row: &R) -> Result<Option<Self>, R::Failure> {
        Ok(Some(Self {
            uuid: row.uuid(1)?,
            node: row.text(2)?.unwrap_or_default(),
            started_at: row.time(3)?,
        }))
    }
}

impl Name for PhaseName {
    const TABLE: &'static str = "phase";
    const ALL: &'static str = "SELECT id, set_name, phase, unit_kind FROM phase";

    fn read<R: Columns>(row: &R) -> Result<Option<Self>, R::Failure> {
        row.phase(1)
    }
}

impl Name for TrackName {
    const TABLE: &'static str = "track";
    const ALL: &'static str = "SELECT track.id, set_name, phase, unit_kind, name, control \
        FROM track JOIN phase ON phase.id = phase_id";

    fn read<R: Columns>(row: &R) -> Result<Option<Self>, R::Failure> {
        row.track(1)
    }
}

impl Name for Goal {
    const TABLE: &'static str = "goal";
    const ALL: &'static str = "SELECT id, name FROM goal";

    fn read<R: Columns>(row: &R) -> Result<Option<Self>, R::Failure> {
        row.goal(1)
    }
}

/// Also those of which no more than the fingerprint is known.
impl Name for DefinitionName {
    const TABLE: &'static str = "definition";
    const ALL: &'static str = "SELECT definition.id, set_name, phase, unit_kind, fingerprint \
        FROM definition JOIN phase ON phase.id = phase_id";

    fn read<R: Columns>(row: &R) -> Result<Option<Self>, R::Failure> {
        let fingerprint = row.fingerprint(4)?;
        Ok(row.phase(1)?.map(|phase| Self { phase, fingerprint }))
    }
}

/// A segment.
impl Name for Arc<str> {
    const TABLE: &'static str = "segment";
    const ALL: &'static str = "SELECT id, name FROM segment";

    fn read<R: Columns>(row: &R) -> Result<Option<Self>, R::Failure> {
        row.text(1)
    }
}

/// The names of one table.
pub(in crate::store) struct Named<T> {
    by_id: HashMap<i64, Option<T>>,
    /// What is wrong with an id that is none of the table.
    dangling: fn(&str, i64) -> String,
}

impl<T: Name> Named<T> {
    pub(in crate::store) fn new(
        by_id: HashMap<i64, Option<T>>,
        dangling: fn(&str, i64) -> String,
    ) -> Self {
        Self { by_id, dangling }
    }

    /// Returns what an id is of, if that has a valid name.
    pub(in crate::store) fn get(&self, id: i64) -> Result<Option<&T>, StoreError> {
        let found = self.by_id.get(&id).map(Option::as_ref);
        found.ok_or_else(|| StoreError::new(StoreErrorKind::Corrupt, (self.dangling)(T::TABLE, id)))
    }

    /// Returns `None` where there is an id, and what it is of has no valid name.
    pub(in crate::store) fn optional(
        &self,
        id: Option<i64>,
    ) -> Result<Option<Option<&T>>, StoreError> {
        match id {
            None => Ok(Some(None)),
            Some(id) => Ok(self.get(id)?.map(Some)),
        }
    }

    fn valid(&self) -> impl Iterator<Item = &T> {
        self.by_id.values().flatten()
    }
}

/// All names of a store.
pub(in crate::store) struct Names {
    pub(in crate::store) writers: Named<WriterRow>,
    pub(in crate::store) phases: Named<PhaseName>,
    pub(in crate::store) tracks: Named<TrackName>,
    pub(in crate::store) goals: Named<Goal>,
    pub(in crate::store) definitions: Named<DefinitionName>,
    pub(in crate::store) segments: Named<Arc<str>>,
}

impl Names {
    /// Returns a batch with the names alone, also those that no row refers to.
    pub(in crate::store) fn listed(&self) -> Batch {
        let mut batch = Batch::default();
        for writer in self.writers.valid() {
            batch.writer(writer);
        }
        for phase in self.phases.valid() {
            batch.phase(phase);
        }
        for track in self.tracks.valid() {
            batch.track(track);
        }
        for goal in self.goals.valid() {
            batch.goal(goal);
        }
        for definition in self.definitions.valid() {
            batch.definition(definition);
        }
        for segment in self.segments.valid() {
            batch.segment(segment);
        }
        batch
    }
}
