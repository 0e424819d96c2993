//! What a set is to find out.

mod metric;
mod plan;

pub use self::{
    metric::{Metric, MetricKind, Sum},
    plan::Plan,
};
