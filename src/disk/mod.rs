//! What sinks and stores share about files: which file a path names, and who may read it.
//!
//! A file of facts may be moved, deleted or replaced while it is open, by a rotation of logs or a
//! backup. The writer must notice that, since writing into a deleted file loses the facts without
//! an error.
//!
//! ```text
//! question                            function
//! does the path still name my file?   FileId
//! is my open file deleted?            is_deleted
//! does the path itself name a file?   open_unfollowed
//! who may read a new file?            owner_only
//! who may read an existing one?       warn_if_others_read
//! ```

#[cfg(any(feature = "record", feature = "sqlite"))]
mod file_id;
#[cfg(any(feature = "record", feature = "sqlite"))]
mod mode;
mod owner_only;
#[cfg(feature = "record")]
mod unfollowed;

pub(crate) use self::owner_only::owner_only;
#[cfg(any(feature = "record", feature = "sqlite"))]
pub(crate) use self::{file_id::FileId, mode::warn_if_others_read};
#[cfg(feature = "record")]
pub(crate) use self::{
    file_id::{is_deleted, unfollowed_metadata_at},
    unfollowed::open_unfollowed,
};
