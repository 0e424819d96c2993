//! The commands, one file each.

pub(super) mod assign;
pub(super) mod change;
pub(super) mod changes;
pub(super) mod doctor;
pub(super) mod erase;
pub(super) mod export;
pub(super) mod import;
pub(super) mod link;
pub(super) mod merge;
pub(super) mod plan;
pub(super) mod report;
pub(super) mod sql;
pub(super) mod verify;
