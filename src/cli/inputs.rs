//! Files and arguments: keys, and kinds of units.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

use crate::assign::{KEY_RULE, Key, SET_RULE, is_set_name};

use super::failure::Failure;

/// Opens a file to read, or the standard input for `-`.
pub(super) fn open(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path);
    let file = file.map_err(|error| Failure::of(format!("reading {path:?}"), &error))?;
    Ok(Box::new(BufReader::new(file)))
}

/// Checks that a text is the name of a kind of units.
pub(super) fn kind(text: &str) -> Result<&str, Failure> {
    if is_set_name(text) {
        return Ok(text);
    }
    let message = format!("the kind {text:?} is invalid: it must be {SET_RULE}");
    Err(Failure::usage(message))
}

/// Checks that a text is a valid key. The error has its length, and not the key, which may identify
/// a person.
pub(super) fn key(text: &str) -> Result<Key<'_>, Failure> {
    let key = Some(Key::from(text)).filter(Key::is_valid);
    let len = text.len();
    key.ok_or_else(|| Failure::usage(format!("the key has {len} bytes: a key is {KEY_RULE}")))
}

/// Calls a closure with each key of a file, which has one per line. Empty lines are skipped, and
/// the line ends of Windows are accepted. An invalid key is an error with the number of its line.
pub(super) fn each_key(path: &Path, mut key: impl FnMut(&str)) -> Result<(), Failure> {
    for (number, line) in (1..).zip(open(path)?.lines()) {
        let line = line.map_err(|error| Failure::of(format!("reading {path:?}"), &error))?;
        match line.strip_suffix('\r').unwrap_or(&line) {
            "" => {}
            line if Key::from(line).is_valid() => key(line),
            _ => {
                // The line is named and not shown, since it may be the key of a person.
                let message = format!("{path:?}, line {number}: a key is {KEY_RULE}");
                return Err(Failure::new(message));
            }
        }
    }
    Ok(())
}

/// Parses a fraction. A number above 1 may be meant as a percentage, so it is an error.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let share = portion(text)?;
    match share {
        0.0..=1.0 => Ok(share),
        1.0..=100.0 if !text.contains('%') => Err(format!(
            "a share is at most 1; write {text}% or {}",
            share / 100.0
        )),
        _ => Err("write a share from 0% to 100%, such as 12% or 0.12".to_owned()),
    }
}

/// Parses `10%` and `0.1` alike.
pub(super) fn portion(text: &str) -> Result<f64, String> {
    let (number, whole) = match text.strip_suffix('%') {
        Some(percent) => (percent, 100.0),
        None => (text, 1.0),
    };
    let number = number.trim().parse::<f64>();
    Ok(number.map_err(|error| error.to_string())? / whole)
}
