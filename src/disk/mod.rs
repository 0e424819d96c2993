//! What sinks and stores share about files: which file a path names, and who may read it.

mod file_id;
mod mode;
mod unfollowed;

pub(crate) use self::{
    file_id::{FileId, is_deleted, unfollowed_metadata_at},
    mode::{owner_only, warn_if_others_read},
    unfollowed::open_unfollowed,
};
