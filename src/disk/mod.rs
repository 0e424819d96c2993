//! What sinks and stores share about files: which file a path names, and who may read it.

mod file_id;
mod mode;
#[cfg(feature = "record")]
mod unfollowed;

pub(crate) use self::{
    file_id::FileId,
    mode::{owner_only, warn_if_others_read},
};
#[cfg(feature = "record")]
pub(crate) use self::{
    file_id::{is_deleted, unfollowed_metadata_at},
    unfollowed::open_unfollowed,
};
