use std::any::TypeId;

/// A type that the tracks of a set carry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carries {
    pub(super) id: TypeId,
    /// For the layer's messages alone: two types may share it.
    #[cfg(feature = "tower")]
    pub(super) name: &'static str,
}

impl Carries {
    pub(super) fn of<T: 'static>() -> Self {
        Self {
            id: TypeId::of::<T>(),
            #[cfg(feature = "tower")]
            name: std::any::type_name::<T>(),
        }
    }
}
