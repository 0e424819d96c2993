use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

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

/// Hands out the keys of a file: one on each line, without its end.
pub(super) fn each_key(path: &Path, mut key: impl FnMut(&str)) -> Result<(), Failure> {
    for line in open(path)?.lines() {
        let line = line.map_err(|error| Failure::of(format!("reading {path:?}"), &error))?;
        key(line.strip_suffix('\r').unwrap_or(&line));
    }
    Ok(())
}
