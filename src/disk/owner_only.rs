use std::fs::OpenOptions;

/// Lets the owner alone read and write a file that is created. On Unix that is mode 0600; elsewhere
/// the folder decides.
///
/// It applies to files that are created: an existing file keeps its mode. The mask of the process
/// (`umask`) may take away more, and never adds.
pub(crate) fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
