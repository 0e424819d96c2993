//! The destinations of a recorder's events.

#[cfg(feature = "tracing")]
mod feature_flag_events;
mod json_lines;
#[cfg(feature = "metrics")]
mod metric;
mod record;
mod sink;
mod store;

#[cfg(feature = "tracing")]
pub use self::feature_flag_events::FeatureFlagEvents;
#[cfg(feature = "metrics")]
pub use self::metric::Metrics;
pub(super) use self::store::{STORE, StoreSink};
pub use self::{
    json_lines::JsonLines,
    record::Record,
    sink::{Sink, SinkError, Taken},
    store::Ceiling,
};
