//! Extractors for axum: the track as an argument of a handler.
//!
//! | extractor | value | exposure |
//! | --- | --- | --- |
//! | [`Assigned<E>`](Assigned) | the variant of a typed set; control if the request is not in the set | if the request is in the set |
//! | `Option<Assigned<E>>` | the same; `None` if the request is not in the set | if the request is in the set |
//! | [`Assignment`](crate::Assignment) | the choice of the group that the layer was made with | when its track is read |
//! | [`Assignments`](crate::Assignments) | the choices of all groups | when a track is read |
//! | [`Goals`](crate::Goals) | records conversions of the request's units | never |
//!
//! ```
//! use tower_tracks::{Assigned, Assignment, TrackSet};
//!
//! # #[cfg(feature = "derive")]
//! # {
//! #[derive(Clone, Copy, Debug, TrackSet)]
//! #[track_set(name = "pricing")]
//! enum Pricing {
//!     #[track(control)]
//!     Control,
//!     Cheap,
//! }
//!
//! async fn coconut(Assigned(pricing): Assigned<Pricing>) -> &'static str {
//!     match pricing {
//!         Pricing::Control => "A coconut is 50.",
//!         Pricing::Cheap => "A coconut is 49.",
//!     }
//! }
//! # }
//!
//! async fn wait(assignment: Assignment) -> String {
//!     assignment.value::<u64>().map_or("at once".into(), |ms| format!("after {ms} ms"))
//! }
//! ```
//!
//! Without the layer, each of them responds with `500 Internal Server Error`, also inside an `Option`:
//! it is an error of the program, not of the request.

mod assigned;
mod assignment;
mod rejection;

pub use self::{
    assigned::Assigned,
    rejection::{AssignedRejection, MissingSet, MissingTracksLayer},
};
