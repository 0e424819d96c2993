//! How the owner changes the running tests: by the command line `tracks`, with the sets and the database
//! of the shop.

use std::{
    env,
    ffi::OsString,
    path::MAIN_SEPARATOR,
    process::ExitCode,
    time::{Duration, SystemTime},
};

use tower_tracks::{DefinitionError, cli::Program, report::Utc};

use super::{database, records, sets, visitor::Visitor};

/// Runs the command in the arguments. Unlike the program `tracks`, it knows the sets before the first
/// visitor, and which of them share a group.
pub(super) fn tracks(
    arguments: impl Iterator<Item = OsString>,
) -> Result<ExitCode, DefinitionError> {
    // The shop cannot find out by a key who is a VIP.
    let visitor = |_: &str| {
        Some(Visitor {
            is_vip: false,
            device: "desktop",
        })
    };
    let program = Program::new()
        .group(&sets::delay_or_pricing()?, visitor)
        .group(&sets::banner()?, visitor);
    let store = ["tracks".into(), "--store".into(), database::path().into()];
    Ok(program.run_with(store.into_iter().chain(arguments)))
}

/// Returns commands that can be pasted into another terminal in the same folder.
pub(super) fn hints() -> String {
    let shop = format!("{}{}", variable(), program());
    let (first, second) = (in_minutes(1), in_minutes(3));
    let commands = [
        "pause banner --author owner --reason \"wrong promise\"",
        "resume banner --author owner --reason \"corrected\"",
        &format!("ramp banner {first}=50% {second}=100% --author owner --reason \"no complaints\""),
        "ship banner free_delivery --author owner --reason \"it sells\"",
        "changes",
    ];
    commands
        .map(|command| format!("  {shop} tracks {command}\n"))
        .concat()
}

/// Returns the command that opens another instance on the same database.
pub(super) fn second_instance() -> String {
    format!("  PORT=3001 {}{}{}\n", lake(), variable(), program())
}

/// Returns the command that sends visitors to the shop.
pub(super) fn traffic() -> String {
    format!("  {}cargo run --example traffic\n", variable())
}

/// Returns this program as it was started.
fn program() -> String {
    let program = env::args().next();
    quoted(&program.unwrap_or_else(|| "coconuts".to_owned()))
}

/// Returns the variable that names the database, unless it is the usual one.
fn variable() -> String {
    match env::var(database::VARIABLE) {
        Ok(path) => format!("{}={} ", database::VARIABLE, quoted(&path)),
        Err(_) => String::new(),
    }
}

/// Returns the variable that names the folder of facts, if there is one.
fn lake() -> String {
    let lake = env::var(records::LAKE);
    lake.map_or(String::new(), |lake| {
        format!("{}={} ", records::LAKE, quoted(&lake))
    })
}

/// Quotes a text for a shell, if it needs quotes.
fn quoted(text: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-".contains(letter);
    let is_plain = |letter: char| is_plain(letter) || letter == MAIN_SEPARATOR;
    match text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// Returns a time as `tracks` reads it, to the second.
fn in_minutes(minutes: u64) -> String {
    let at = SystemTime::now() + Duration::from_secs(60 * minutes);
    let text = Utc(at.into()).to_rfc3339();
    let (seconds, _) = text.split_once('.').unwrap_or((&text, ""));
    format!("{seconds}Z")
}
