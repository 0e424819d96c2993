//! The command `import`.

use std::{
    fs,
    io::BufReader,
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use jiff::fmt::strtime;
use serde::Serialize;

use crate::{
    assign::StoredSets,
    cli::{
        answer::Answer, exit::Exit, failure::Failure, inputs, progress::Progress,
        secret::SecretArgs, session::Session,
    },
    files::{AccessLog, Import, Imported},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The file, or - for the standard input. The store is created if it does not exist
    file: PathBuf,

    /// The format of its lines
    #[arg(long, value_enum, default_value_t = Format::JsonLines)]
    format: Format,

    /// The field of the time in a JSON log; dots separate the names of nested fields
    #[arg(long, value_name = "PATH", default_value = "time", alias = "time")]
    time_field: String,

    /// The field of the header Tracks-Exposure in a JSON log, such as resp_headers.Tracks-Exposure
    #[arg(
        long,
        value_name = "PATH",
        default_value = "tracks_exposure",
        alias = "header"
    )]
    header_field: String,

    /// The position of the header among the captured response headers, in a log of HAProxy
    #[arg(long, value_name = "PLACE", default_value_t = 1)]
    capture: usize,

    /// The UTC offset of times without a time zone, such as +02:00
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true, value_parser = minutes)]
    utc_offset: Option<i16>,

    /// A JSON file with the sets of the log; their definitions are stored
    #[arg(long, value_name = "FILE")]
    sets: Vec<PathBuf>,

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
    /// An access log of HAProxy, with captured response headers in braces before the request
    Haproxy,
}

/// The answer of `import`: the numbers of lines and facts.
#[derive(Serialize)]
struct Said {
    lines: u64,
    new: u64,
    known: u64,
    erased: u64,
    without_header: u64,
    without_unit: u64,
    forced: u64,
    unknown: u64,
    bad: u64,
    malformed_header: u64,
    invalid_name: u64,
    unknown_track: u64,
    bad_lines: Vec<String>,
}

/// Runs `import`. Lines that cannot be read are counted and change the exit code; the others are
/// imported.
pub(in crate::cli) fn run(args: &Args, session: &Session<'_>) -> Result<Answer, Failure> {
    let length = fs::metadata(&args.file).ok().map(|file| file.len());
    // Opened before the store, so that a misspelt path does not create one.
    let file = inputs::open(&args.file)?;
    let store = session.store_or_new()?;
    // The length of a pipe is not known, and is given as 0.
    let progress = Progress::of_bytes(length.filter(|length| *length > 0), "are imported");
    let reader = BufReader::new(progress.reader(file));
    let mut import = match args.format {
        Format::JsonLines => Import::json_lines(reader),
        Format::Combined => Import::access_log(reader, args.log(AccessLog::combined())),
        Format::JsonLog => Import::access_log(reader, args.log(AccessLog::json())),
        Format::Haproxy => Import::access_log(reader, args.log(AccessLog::haproxy())),
    };
    let own = session.groups.iter().flat_map(|group| group.sets());
    import = import.sets(own);
    for path in &args.sets {
        import = import.sets(stored(path)?.sets());
    }
    if let Some(units) = args.secret.units()? {
        import = import.units(&units);
    }
    let imported = import.into_store(&*store)?;
    progress.done();
    let answer = Answer::new(imported.to_string(), &Said::of(&imported))?;
    Ok(answer.exit(Exit::of_search(imported.bad > 0)))
}

impl Args {
    /// Configures a format. Options of other formats have no effect.
    fn log(&self, format: AccessLog) -> AccessLog {
        let format = format
            .time(self.time_field.as_str())
            .header(self.header_field.as_str())
            .capture(self.capture);
        match self.utc_offset {
            Some(minutes) => format.utc_offset(minutes),
            None => format,
        }
    }
}

/// Reads a group of sets from the JSON that the application wrote.
fn stored(path: &Path) -> Result<StoredSets, Failure> {
    let sets = serde_json::from_reader(inputs::open(path)?);
    sets.map_err(|error| Failure::of(format!("reading the sets of {path:?}"), &error))
}

/// Parses a UTC offset such as `+02:00`, in minutes.
fn minutes(text: &str) -> Result<i16, &'static str> {
    let offset = strtime::parse("%:z", text)
        .ok()
        .and_then(|time| time.offset());
    let minutes = offset.and_then(|offset| i16::try_from(offset.seconds() / 60).ok());
    minutes.ok_or("an offset is written as +02:00 or -05:30")
}

impl Said {
    /// Returns the numbers of an import.
    fn of(imported: &Imported) -> Self {
        let rows = imported.written.total();
        Self {
            lines: imported.lines,
            new: rows.new,
            known: rows.known,
            erased: rows.erased,
            without_header: imported.without_header,
            without_unit: imported.without_unit,
            forced: imported.forced,
            unknown: imported.unknown,
            bad: imported.bad,
            malformed_header: imported.malformed_header,
            invalid_name: imported.invalid_name,
            unknown_track: imported.unknown_track,
            bad_lines: imported.bad_lines.iter().map(ToString::to_string).collect(),
        }
    }
}
