//! The program: it parses the arguments, runs a command, and returns the exit code.

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

/// Runs the command line with one group of sets, with the arguments of this process.
///
/// `context` returns the context of a key, on which eligibility depends, or `None` if it is not
/// known, for instance because the user was deleted. It is [`Program`] with one group; see the
/// [module docs](crate::cli).
///
/// ```no_run
/// use std::process::ExitCode;
///
/// use tower_tracks::{DefinitionError, SimpleTrackSet, cli};
///
/// fn main() -> Result<ExitCode, DefinitionError> {
///     let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
///     Ok(cli::run(&delay, |_| Some(())))
/// }
/// ```
pub fn run<C: 'static>(
    sets: &MultiTrackSet<C>,
    context: impl Fn(&str) -> Option<C> + 'static,
) -> ExitCode {
    Program::new().group(sets, context).run()
}

/// The command line `tracks`, with the sets of an application.
///
/// Without sets, it is the program `tracks` itself. With sets, `assign`, `verify-log`, `link` and
/// `import` use them: unlike a store, they know groups and eligibility.
///
/// ```no_run
/// use std::process::ExitCode;
///
/// use tower_tracks::cli::Program;
///
/// fn main() -> ExitCode {
///     Program::new().run()
/// }
/// ```
///
/// See the [module docs](crate::cli).
#[derive(Default)]
#[must_use = "it does nothing until it is run"]
pub struct Program {
    groups: Vec<Box<dyn Group>>,
}

impl Program {
    /// Returns the command line without sets of an application. It knows only what stores contain.
    ///
    /// ```no_run
    /// use tower_tracks::cli::Program;
    ///
    /// let exit = Program::new().run();
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a group of sets, with a closure that returns the context of a key, or `None` if it is
    /// not known.
    ///
    /// The closure may query a database: it runs for each key that a command is about. Call it for
    /// each group of the layer.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, cli::Program};
    ///
    /// struct Visitor {
    ///     is_vip: bool,
    /// }
    ///
    /// let pricing = SimpleTrackSet::new("pricing").track("cheap", -1);
    /// let pricing = pricing.eligible(|visitor: &Visitor| !visitor.is_vip).build()?;
    /// let program = Program::new().group(&pricing, |key| Some(Visitor { is_vip: key == "ann" }));
    /// assert!(format!("{program:?}").contains("pricing"));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn group<C: 'static>(
        mut self,
        sets: &MultiTrackSet<C>,
        context: impl Fn(&str) -> Option<C> + 'static,
    ) -> Self {
        let sets = sets.clone();
        self.groups.push(Box::new(Known { sets, context }));
        self
    }

    /// Runs the command in the arguments of this process, and returns the exit code.
    ///
    /// The answer goes to standard output, an error as one line to standard error. The [module
    /// docs](crate::cli) list the exit codes.
    ///
    /// ```no_run
    /// use std::process::ExitCode;
    ///
    /// use tower_tracks::cli::Program;
    ///
    /// fn main() -> ExitCode {
    ///     Program::new().run()
    /// }
    /// ```
    pub fn run(self) -> ExitCode {
        self.run_with(env::args_os())
    }

    /// Runs the command in these arguments, of which the first is the name of the program, and
    /// returns the exit code.
    ///
    /// It is for programs with a command of their own before these, and for tests.
    ///
    /// ```
    /// use tower_tracks::cli::Program;
    ///
    /// let arguments = ["tracks", "plan", "--rate", "10%", "--lift", "10%"];
    /// let exit = Program::new().run_with(arguments.map(Into::into));
    /// ```
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

    /// Parses the arguments, runs the command and writes its answer.
    fn answer(&self, arguments: Vec<OsString>) -> Result<Exit, Failure> {
        let parsed = Args::command().try_get_matches_from(arguments);
        let args = match parsed.and_then(|matches| Args::from_arg_matches(&matches)) {
            Ok(args) => args,
            Err(error) => return explain(&error),
        };
        let session = Session {
            args: &args.store,
            groups: &self.groups,
        };
        args.command.run(&session)?.tell(args.json)
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
        // This help was not requested. Standard output stays empty, for a program that reads it.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            write!(io::stderr(), "{text}").ok();
            Ok(Exit::Usage)
        }
        _ => Err(Failure::usage(one_line(&text))),
    }
}

/// Returns the error of clap as one line: the cause and the tips, without the usage.
fn one_line(text: &str) -> String {
    let is_usage = |line: &str| line.starts_with("Usage:");
    let is_over = |line: &str| is_usage(line) || line.starts_with("For more information");
    let lines = text.lines().map(str::trim);
    let lines = lines.take_while(|line| !is_over(line));
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let text = lines.join("; ").replace(":; ", ": ");
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    format!("{}; see --help", without_urls(text))
}

/// Replaces URLs in an error. A URL may have a password, so one in the wrong place is not repeated.
fn without_urls(text: &str) -> String {
    // clap puts each argument that it repeats between these quotes.
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
