//! Opens a file and refuses a link in its place.
//!
//! A user who may write to the folder could put a link there, and the server would then append
//! facts to any file that it may write to. So the path is checked before the opening, by the system
//! during it, and afterwards by comparing identities: each check closes a gap that the others leave
//! on some system.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    path::Path,
};

use super::file_id::FileId;

/// Whether the system is Linux, whose flags depend on the processor.
#[cfg(unix)]
const IS_LINUX: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// The flag by which a system refuses to open a symbolic link. On other systems, only the checks
/// before and after the opening notice a link.
#[cfg(unix)]
const NO_FOLLOW: i32 = if IS_LINUX
    && cfg!(any(
        target_arch = "arm",
        target_arch = "aarch64",
        target_arch = "powerpc",
        target_arch = "powerpc64"
    )) {
    0o100_000
} else if IS_LINUX {
    0o400_000
} else if cfg!(any(
    target_vendor = "apple",
    target_os = "dragonfly",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd"
)) {
    0x100
} else {
    0
};

/// Opens the regular file that a path itself names: no symbolic link, pipe or device.
///
/// Links among the folders of the path are followed. On Linux, Android, macOS and the BSDs the system
/// refuses a link at the end. On other Unix systems the file that was opened is compared with the one
/// that the path names afterwards, so that a link is missed only where it leads to that very file.
/// Elsewhere a link is missed that is there during the opening, and neither before nor after.
///
/// `options` say whether the file is created. If the path does not exist and they do not create it,
/// the error is that of the system.
///
/// # Errors
///
/// If the path is a link or not a regular file, if it was replaced meanwhile, or if the system
/// refuses it.
pub(crate) fn open_unfollowed(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    check(path)?;
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, NO_FOLLOW);
    let file = options.open(path)?;
    // Again: a link may have been put there after the first check, and opened where the system
    // follows it.
    check(path)?;
    let named = FileId::of(&fs::symlink_metadata(path)?);
    match FileId::of(&file.metadata()?) == named {
        true => Ok(file),
        false => Err(io::Error::other("it was replaced while it was opened")),
    }
}

/// Refuses an existing path that is not a regular file.
///
/// A missing path is accepted: `options` of the opening decide whether it may be missing.
fn check(path: &Path) -> io::Result<()> {
    let kind = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        metadata => metadata?.file_type(),
    };
    let what = match kind.is_symlink() {
        false if kind.is_file() => return Ok(()),
        true => "a symbolic link",
        false => "not a regular file",
    };
    let message = format!("it is {what}; give the path of a file");
    Err(io::Error::new(ErrorKind::InvalidInput, message))
}
