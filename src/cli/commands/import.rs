use std::{fmt, fs, io::BufReader, path::PathBuf};

use clap::ValueEnum;
use serde::Serialize;

use crate::{
    cli::{
        answer::Answer, exit::Exit, failure::Failure, inputs, progress::Progress,
        secret::SecretArgs, session::Session,
    },
    record::{AccessLog, Import, Imported},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The file, or - for the standard input. The store is made if there is none
    file: PathBuf,

    /// How its lines are written
    #[arg(long, value_enum, default_value_t = Format::JsonLines)]
    format: Format,

    /// The field of the time, in a log of JSON
    #[arg(long, value_name = "NAME", default_value = "time")]
    time_field: String,

    /// The field of the header Tracks-Exposure, in a log of JSON
    #[arg(long, value_name = "NAME", default_value = "tracks_exposure")]
    header_field: String,

    #[command(flatten)]
    secret: SecretArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Those of the sink JsonLines, and of export
    JsonLines,
    /// An access log in the combined format, with the header in quotes at its end
    Combined,
    /// An access log of JSON
    JsonLog,
}

/// What became of the lines.
#[derive(Serialize)]
struct Said<'a> {
    lines: u64,
    new: u64,
    known: u64,
    erased: u64,
    without_unit: u64,
    forced: u64,
    unknown: u64,
    bad: u64,
    bad_lines: Vec<String>,
    #[serde(skip)]
    imported: &'a Imported,
}

pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let length = fs::metadata(&args.file).ok().map(|file| file.len());
    let file = inputs::open(&args.file)?;
    let store = session.store_or_new()?;
    let progress = Progress::of_bytes(length.filter(|length| *length > 0), "are imported");
    let reader = BufReader::new(progress.through(file));
    let mut import = match args.format {
        Format::JsonLines => Import::json_lines(reader),
        Format::Combined => Import::access_log(reader, AccessLog::combined()),
        Format::JsonLog => Import::access_log(reader, args.json_log()),
    };
    let own = session.groups.iter().flat_map(|group| group.sets());
    import = import.sets(own);
    if let Some(units) = args.secret.units()? {
        import = import.units(&units);
    }
    let imported = import.into_store(&*store)?;
    progress.done();
    let exit = match imported.bad {
        0 => Exit::Fine,
        _ => Exit::Found,
    };
    Ok(Answer::of(&Said::of(&imported))?.exit(exit))
}

impl Args {
    fn json_log(&self) -> AccessLog {
        AccessLog::json()
            .time_field(self.time_field.as_str())
            .header_field(self.header_field.as_str())
    }
}

impl<'a> Said<'a> {
    fn of(imported: &'a Imported) -> Self {
        let rows = imported.written.total();
        Self {
            lines: imported.lines,
            new: rows.new,
            known: rows.known,
            erased: rows.erased,
            without_unit: imported.without_unit,
            forced: imported.forced,
            unknown: imported.unknown,
            bad: imported.bad,
            bad_lines: imported.bad_lines.iter().map(ToString::to_string).collect(),
            imported,
        }
    }
}

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.imported.fmt(f)
    }
}
