//! What sinks and stores share about files: which file a path names, and who may read it.

mod file_id;
mod mode;

pub(in crate::record) use self::{
    file_id::FileId,
    mode::{owner_only, warn_if_others_read},
};
