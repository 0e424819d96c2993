//! Extractors for axum: a handler's track as its argument.
//!
//! | extractor | is | exposure |
//! | --- | --- | --- |
//! | [`Assigned<E>`] | the variant of a typed set; control for those who are not in it | for those who are in it |
//! | `Option<Assigned<E>>` | the same; `None` for those who are not in it | for those who are in it |
//! | [`Assignment`] | the choice of the group the layer was made with | when its track is read |
//! | [`Assignments`] | the choices of all groups | when a track is read |
//! | [`Goals`](crate::Goals) | what whoever made the request reached | never |
//!
//! A missing layer is a `500 Internal Server Error` for all of them, also inside an
//! `Option`: it is a mistake of the program, not of the request.

mod assigned;
mod assignment;
mod goals;
mod rejection;

pub use self::{
    assigned::Assigned,
    rejection::{AssignedRejection, MissingSet, MissingTracksLayer},
};
