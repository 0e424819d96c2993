use std::{
    env::{self, consts::EXE_SUFFIX},
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    sync::Once,
};

/// What configures an example, and may be set where the tests run.
const SETTINGS: [&str; 9] = [
    "PORT",
    "RUST_LOG",
    "SEED",
    "SHOP",
    "SHOP_DATABASE",
    "SHOP_SECRET",
    "TRACKS_OFF",
    "TRAFFIC",
    "VISITORS",
];

/// Returns the command that runs an example that was built with this test.
///
/// `cargo test` builds examples, except with a filter of targets: then this builds them.
#[track_caller]
pub(super) fn command(example: &str) -> Command {
    let test = env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let built = profile.join("examples").join(example);
    let binary = PathBuf::from(format!("{}{EXE_SUFFIX}", built.display()));
    if !is_current(&binary, &built.with_extension("d")).unwrap_or(false) {
        build(profile);
    }
    let mut command = Command::new(binary);
    for setting in SETTINGS {
        command.env_remove(setting);
    }
    command
}

/// Runs a command that fails. Returns its error: one line, and no other output.
#[track_caller]
pub(super) fn refused(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(output.stdout, b"");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    stderr
}

/// Builds all examples into the folder of a profile, once.
#[track_caller]
fn build(profile: &Path) {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["build", "--examples", "--manifest-path"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .arg("--target-dir")
            .arg(profile.parent().unwrap());
        if profile.ends_with("release") {
            command.arg("--release");
        }
        let output = command.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
    });
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
