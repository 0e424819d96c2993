//! Extractors for axum: the track as an argument of a handler.
//!
//! | extractor | value | exposure |
//! | --- | --- | --- |
//! | [`Assigned<E>`] | the variant of a typed set; control if the request is not in the set | if the request is in the set |
//! | `Option<Assigned<E>>` | the same; `None` if the request is not in the set | if the request is in the set |
//! | [`Assignment`] | the choice of the group that the layer was made with | when its track is read |
//! | [`Assignments`] | the choices of all groups | when a track is read |
//! | [`Goals`](crate::Goals) | records conversions of the request's units | never |
//!
//! Without the layer, each of them responds with `500 Internal Server Error`, also inside an `Option`:
//! it is an error of the program, not of the request.

mod assigned;
mod assignment;
mod goals;
mod rejection;

pub use self::{
    assigned::Assigned,
    rejection::{AssignedRejection, MissingSet, MissingTracksLayer},
};
