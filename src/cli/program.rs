use std::{
    env,
    ffi::OsString,
    fmt,
    io::{self, Write},
    process::ExitCode,
};

use clap::{CommandFactory, FromArgMatches, error::ErrorKind};

use crate::{assign::MultiTrackSet, text::control};

use super::{
    args::Args,
    exit::Exit,
    failure::Failure,
    groups::{Group, Known},
    session::Session,
};

/// Runs the command line with one group of sets, by the arguments of this process.
///
/// `context` returns what eligibility looks at for a key, or `None` where that is not known, as of a
/// user who is gone. It is [`Program`] with one group; see the [module docs](crate::cli).
pub fn run<C: 'static>(
    sets: &MultiTrackSet<C>,
    context: impl Fn(&str) -> Option<C> + 'static,
) -> ExitCode {
    Program::new().group(sets, context).run()
}

/// The command line `tracks`, to which an application gives its own sets.
///
/// See the [module docs](crate::cli).
#[derive(Default)]
#[must_use = "it does nothing until it is run"]
pub struct Program {
    groups: Vec<Box<dyn Group>>,
}

impl Program {
    /// Returns the command line without sets of an application, which knows what stores have alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a group of sets, and what its eligibility looks at for a key; `None` where that is not
    /// known.
    pub fn group<C: 'static>(
        mut self,
        sets: &MultiTrackSet<C>,
        context: impl Fn(&str) -> Option<C> + 'static,
    ) -> Self {
        let sets = sets.clone();
        self.groups.push(Box::new(Known { sets, context }));
        self
    }

    /// Runs what the arguments of this process ask for, and returns with what to exit.
    pub fn run(self) -> ExitCode {
        self.run_with(env::args_os())
    }

    /// Runs what these arguments ask for. The first is the name of the program.
    pub fn run_with(self, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
        let exit = match self.answer(arguments.into_iter().collect()) {
            Ok(exit) => exit,
            Err(failure) if failure.is_unheard => Exit::Fine,
            Err(failure) => {
                // If even that cannot be written, the exit code has to do.
                let message = control::one_line(&failure.message);
                writeln!(io::stderr(), "error: {message}").ok();
                failure.exit
            }
        };
        exit.into()
    }

    fn answer(&self, arguments: Vec<OsString>) -> Result<Exit, Failure> {
        let parsed = Args::command().try_get_matches_from(arguments);
        let args = match parsed.and_then(|matches| Args::from_arg_matches(&matches)) {
            Ok(args) => args,
            Err(error) => return explain(&error),
        };
        let session = Session::new(&args.store, &self.groups);
        let answer = args.command.run(&session)?;
        answer.tell(args.json)
    }
}

/// Writes help to the output, and an error as one line.
fn explain(error: &clap::Error) -> Result<Exit, Failure> {
    let text = error.to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let told = write!(io::stdout(), "{text}");
            told.map_err(|error| Failure::of_output(&error))?;
            Ok(Exit::Fine)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            write!(io::stderr(), "{text}").ok();
            Ok(Exit::Usage)
        }
        _ => Err(Failure::usage(one_line(&text))),
    }
}

/// What is wrong and the tips, without the usage.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let is_over = |line: &&str| {
        ["Usage:", "For more information"]
            .iter()
            .any(|end| line.starts_with(end))
    };
    let lines = lines.take_while(|line| !is_over(line));
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let text = lines.join("; ").replace(":; ", ": ");
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    format!("{}; see --help", without_urls(text))
}

/// A URL may have a password, so one that stands where none belongs is not repeated.
fn without_urls(text: &str) -> String {
    let quoted = text.split('\'');
    let shown = quoted.map(|part| if part.contains("://") { "URL" } else { part });
    shown.collect::<Vec<_>>().join("'")
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<&str> = self.groups.iter().map(|group| group.name()).collect();
        f.debug_struct("Program").field("groups", &groups).finish()
    }
}
