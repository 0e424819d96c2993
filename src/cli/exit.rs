use std::process::ExitCode;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    Fine,
    /// It could not be done.
    Failed,
    /// It was asked for in a way that is not understood.
    Usage,
    /// It was done, and found what needs a person.
    Found,
    /// It was done, and nothing could be verified.
    Unverified,
}

/// What `--help` says of it.
pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  it is done, and nothing is wrong
  1  it could not be done, as when the store cannot be read
  2  the arguments are not understood
  3  it is done, and found what needs a person: report, a sample-ratio mismatch, stray or crossed
     units, changed weights, a guardrail that is worse, a goal that is worse so far, or a phase that
     cannot be read; doctor, a problem; verify-log, a disagreement; import, bad lines
  4  verify-log is done, and could verify nothing";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Found => 3,
            Exit::Unverified => 4,
        })
    }
}
