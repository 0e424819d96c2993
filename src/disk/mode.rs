//! Who may read a file. Stores and files of facts with raw units contain keys, which may name
//! persons.

use std::path::Path;

use crate::warn::warn;

/// Warns where everybody on the machine may read a file with keys.
///
/// The mode of an existing file is its owner's choice, so it is not changed.
///
/// A group that may read it is taken as intended, such as that of a backup. The warning names the
/// path and the remedy.
pub(crate) fn warn_if_others_read(path: &Path) {
    if is_world_readable(path) {
        warn(format_args!(
            "{} has keys, and every user of this machine may read it; restrict its mode, as by \
             `chmod 600`",
            path.display()
        ));
    }
}

/// Returns whether the mode lets all users read. It is false if the metadata cannot be read: to
/// open the file fails as well, and that is reported.
#[cfg(unix)]
fn is_world_readable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path);
    metadata.is_ok_and(|metadata| metadata.permissions().mode() & 0o004 != 0)
}

/// Elsewhere access is not a mode, and there is no warning.
#[cfg(not(unix))]
fn is_world_readable(_: &Path) -> bool {
    false
}
