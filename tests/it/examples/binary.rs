use std::{
    env::{self, consts::EXE_SUFFIX},
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// Returns the command that runs an example, as it was built along with this test.
#[track_caller]
pub(super) fn command(example: &str) -> Command {
    let test = env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let built = profile.join("examples").join(example);
    let binary = PathBuf::from(format!("{}{EXE_SUFFIX}", built.display()));
    assert!(
        is_current(&binary, &built.with_extension("d")).unwrap_or(false),
        "the example {example} is not built, or is older than its source: `cargo test` builds \
         examples, but not when it is told which tests to run; run `cargo build --examples` with \
         the same features"
    );
    let mut command = Command::new(binary);
    command
        .env_remove("PORT")
        .env_remove("RUST_LOG")
        .env_remove("TRACKS_OFF");
    command
}

/// Returns whether no file that went into the binary is newer; cargo lists them in `sources`.
fn is_current(binary: &Path, sources: &Path) -> io::Result<bool> {
    let built = fs::metadata(binary)?.modified()?;
    let sources = fs::read_to_string(sources)?;
    let modified = |source| fs::metadata(source)?.modified();
    Ok(sources
        .split_whitespace()
        .skip(1)
        .filter_map(|source| modified(source).ok())
        .all(|modified| modified <= built))
}
