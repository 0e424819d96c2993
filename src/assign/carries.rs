use std::any::{TypeId, type_name};

/// A type that the tracks of a set carry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carries {
    pub(super) id: TypeId,
    /// For messages alone: two types may share it.
    pub(super) name: &'static str,
}

impl Carries {
    pub(super) fn of<T: 'static>() -> Self {
        Self {
            id: TypeId::of::<T>(),
            name: type_name::<T>(),
        }
    }
}
