use std::any::Any;

/// The predicate for eligibility. The context is behind `Any`; the type state has its type.
pub(super) type Eligible = Box<dyn Fn(&dyn Any) -> bool + Send + Sync>;
