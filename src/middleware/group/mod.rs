//! A group of sets in its layer: its context, its choice, and its paused sets.

mod from_parts;
mod group;
mod holdout;
mod member;
pub(crate) mod pause;
mod untracked;

pub use self::{
    from_parts::FromParts,
    group::{Group, IntoGroup},
    holdout::Holdout,
    pause::{PauseHandle, UnknownSet},
};
pub(super) use self::{
    member::Member,
    pause::{Flags, TRACKS_OFF},
    untracked::Untracked,
};
