//! The exit codes.

use std::process::ExitCode;

/// The result of a command, which decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// The command succeeded and found no problem.
    Fine,
    /// The command failed.
    Failed,
    /// The arguments are invalid.
    Usage,
    /// The command succeeded and found something that a person should check.
    Found,
    /// The command succeeded, but could verify nothing.
    Unverified,
    /// The change would have no effect, so it was not made.
    Refused,
    /// Another change was faster, so it was not made.
    Conflict,
}

impl Exit {
    /// Returns the result of a command that looked for problems.
    pub(super) fn of_search(has_found: bool) -> Self {
        if has_found { Self::Found } else { Self::Fine }
    }
}

/// The exit codes in the help.
pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  the command succeeded and found no problem
  1  the command failed, for instance because the store cannot be read
  2  the arguments are invalid
  3  the command found something that a person should check. report: a sample ratio mismatch,
     stray or crossed units, changed weights, a guardrail that is worse, a goal that is worse so
     far, or a phase that cannot be read. doctor: a problem. verify-log: a row that disagrees.
     import: bad lines
  4  verify-log found no row that it could verify
  5  the change was not made, because it would have no effect
  6  the change was not made, because another change of the set was faster";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Found => 3,
            Exit::Unverified => 4,
            Exit::Refused => 5,
            Exit::Conflict => 6,
        })
    }
}
