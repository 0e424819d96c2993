//! The page `docs/agents.md`: its commands run as they are written, on a store with a decided test.

use std::{env, ffi::OsString, iter, path::Path, process::Command};

use serde_json::Value;
use tower_tracks::{
    Metric, MultiTrackSet, Plan, SimpleTrackSet,
    control::{Act, Appended, ChangeLog, Draft},
    store::Sqlite,
};

use super::{Folder, Ran, at, convert, expose, record, tracks, units, without_settings};
use crate::guides::blocks;

const PAGE: &str = include_str!("../../../docs/agents.md");
const SOURCE: &str = include_str!("../../../src/cli/exit.rs");

/// Returns the commands of a page, with the exit code in the comment above each.
fn commands(page: &str) -> Result<Vec<(&str, i32)>, String> {
    let mut commands = Vec::new();
    let blocks = blocks(page).into_iter();
    for (_, lines) in blocks.filter(|(language, _)| *language == "sh") {
        let mut code = None;
        for line in lines.into_iter().filter(|line| !line.is_empty()) {
            match line.strip_prefix("# ") {
                Some(comment) => code = exit_code(comment),
                None => commands.push((
                    line,
                    code.take().ok_or_else(|| format!("no exit code: {line}"))?,
                )),
            }
        }
    }
    match commands.is_empty() {
        true => Err("no commands".to_owned()),
        false => Ok(commands),
    }
}

/// Returns the exit code at the end of a comment: `… Exits with 0.`
fn exit_code(comment: &str) -> Option<i32> {
    let (_, code) = comment.strip_suffix('.')?.rsplit_once("Exits with ")?;
    // Invalid arguments are a mistake of the page, whatever it expects.
    code.parse().ok().filter(|code| *code != 2)
}

/// Runs the commands of a page in a folder; an error is one with another exit code.
fn run(page: &str, folder: &Folder) -> Result<Vec<Ran>, String> {
    let run = |(line, code)| {
        let ran = Ran::of(&mut shell(line, folder));
        match ran.exit == code {
            true => Ok(ran),
            false => Err(format!("{line}: {ran:?}")),
        }
    };
    commands(page)?.into_iter().map(run).collect()
}

/// A shell that finds the built `tracks` first.
fn shell(line: &str, folder: &Folder) -> Command {
    let built = Path::new(env!("CARGO_BIN_EXE_tracks")).parent().unwrap();
    let path = env::var_os("PATH").unwrap_or_default();
    let path: Vec<_> = iter::once(built.to_owned())
        .chain(env::split_paths(&path))
        .collect();
    let path: OsString = env::join_paths(path).unwrap();
    let mut shell = Command::new("sh");
    without_settings(&mut shell)
        .args(["-c", line])
        .env("PATH", path);
    shell.current_dir(folder.join(""));
    shell
}

/// A folder with the store of the page: half of the visitors take part, `cheap` is better, and ann raised the share.
fn shop() -> Folder {
    let folder = Folder::new();
    let path = folder.join("shop.sqlite");
    let pricing = pricing();
    record(&path, units(), |recorder| {
        for visitor in 0..8000 {
            let key = format!("visitor {visitor}");
            let choice = pricing.assign(&key, &());
            let buyers = match choice.track() {
                Some("cheap") => 14,
                _ => 10,
            };
            if choice.is_enrolled() {
                let first = 150 * visitor;
                expose(recorder, &pricing, &key, at(first));
                if visitor % 100 < buyers {
                    convert(recorder, &key, "purchase", at(first + 60));
                }
            }
        }
    });
    let act = Act::Share {
        share: 0.6,
        over: 0.5,
    };
    let draft = Draft::new("pricing", 1, act, "ann", "no errors at 50%");
    let added = Sqlite::open(&path).unwrap().append(&draft, 0).unwrap();
    assert!(matches!(added, Appended::Added(_)), "{added:?}");
    folder
}

fn pricing() -> MultiTrackSet {
    let plan = Plan::default()
        .primary(Metric::rate("purchase"))
        .units(3500);
    let plan = plan.exploratory(Metric::value("purchase"));
    let pricing = SimpleTrackSet::new("pricing").track("cheap", -1);
    pricing.share(0.5).plan(plan).build().unwrap()
}

/// Returns whether a value has a field such as `phases[].notices[].blocks`.
fn has(value: &Value, path: &str) -> bool {
    let (field, rest) = path.split_once('.').unwrap_or((path, ""));
    let is_there = |value: &Value| rest.is_empty() || has(value, rest);
    match field.strip_suffix("[]") {
        Some(list) => value[list]
            .as_array()
            .is_some_and(|list| list.iter().any(is_there)),
        None => value.get(field).is_some_and(is_there),
    }
}

#[test]
fn each_command_of_the_page_exits_as_the_page_says() {
    let ran = run(PAGE, &shop()).unwrap();
    let report = ran[0].json();
    let cheap = &report["phases"][0]["goals"][0]["tracks"][1];
    assert_eq!(cheap["verdict"]["kind"], "better", "{report}");
    let fields = PAGE.split('`').filter(|code| code.starts_with("phases["));
    let fields: Vec<&str> = fields.collect();
    assert!(fields.len() > 5, "{fields:?}");
    for field in fields {
        assert!(has(&report, field), "{field} is not in {report}");
    }
}

#[test]
fn a_wrong_page_is_found() {
    let folder = Folder::new();
    for (lines, error) in [
        ("", "no commands"),
        ("tracks changes", "no exit code"),
        ("# Exits with 0.\ntracks verdict", "unrecognized subcommand"),
        ("# Exits with 2.\ntracks verdict", "no exit code"),
        (
            "# Exits with 0.\ntracks changes --best",
            "unexpected argument",
        ),
        ("# Exits with 0.\ntrack changes", "not found"),
        (
            "# Exits with 0.\ntracks changes --store shop.sqlite",
            "there is no store",
        ),
    ] {
        let page = format!("```sh\n{lines}\n```\n");
        let found = run(&page, &folder).unwrap_err();
        assert!(found.contains(error), "{found}");
    }
}

#[test]
fn the_page_has_the_exit_codes_of_the_source() {
    let matched = SOURCE.lines().filter_map(|line| line.split_once(" => "));
    let matched = matched.filter_map(|(_, code)| code.trim_end_matches(',').parse().ok());
    let matched: Vec<u8> = matched.collect();
    assert!(matched.len() > 5, "{matched:?}");
    let help = Ran::of(&mut tracks(&["--help"])).out;
    let (_, help) = help.split_once("Exit codes:").unwrap();
    assert_eq!((numbered(help), numbered(PAGE)), (matched.clone(), matched));
}

/// Returns the numbers with which lines begin.
fn numbered(text: &str) -> Vec<u8> {
    let words = text
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    words.filter_map(|word| word.parse().ok()).collect()
}

#[test]
fn the_page_is_short() {
    assert!(PAGE.lines().count() <= 80);
}
