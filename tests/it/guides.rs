//! What stands in the README and the guides can be copied as it is shown on the repository's pages.

use std::{fs, path::Path};

const EXAMPLE: &str = include_str!("../../examples/getting_started.rs");
const HOOK: &str = include_str!("../../.ci/clients.d/hook.js");
const SINGLE_PAGE: &str = include_str!("../../src/docs/single_page.md");
const GETTING_STARTED: &str = include_str!("../../src/docs/getting_started.md");

/// Returns the names and texts of all pages in Markdown.
fn pages() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [root.to_owned(), root.join("docs"), root.join("src/docs")];
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = entries.map(|entry| entry.unwrap().path());
    let pages = paths.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages
        .map(|path| {
            (
                path.display().to_string(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect()
}

/// Returns the blocks of code of a page: what is behind the fence, and the lines.
pub(crate) fn blocks(page: &str) -> Vec<(&str, Vec<&str>)> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, Vec<&str>)> = None;
    for line in page.lines() {
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(language), None) => open = Some((language, Vec::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some((_, lines))) => lines.push(line),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block does not end");
    blocks
}

/// Whether rustdoc would compile it, as it does where no language is named.
fn is_rust(language: &str) -> bool {
    language.is_empty() || language.starts_with("rust")
}

/// A page of the repository shows the lines that rustdoc hides, and they do not compile.
#[test]
fn no_line_is_for_rustdoc_alone() {
    let mut programs = 0;
    for (name, page) in pages() {
        for (language, lines) in blocks(&page) {
            let hidden = lines.iter().find(|line| {
                let line = line.trim_start();
                is_rust(language) && (line == "#" || line.starts_with("# "))
            });
            assert_eq!(hidden, None, "{name}");
            programs += usize::from(is_rust(language));
        }
    }
    assert!(programs > 10, "only {programs} programs were found");
}

/// A program in a file is made of items.
#[test]
fn no_program_has_statements_outside_a_function() {
    for (name, page) in pages() {
        for (language, lines) in blocks(&page) {
            let statement = lines
                .iter()
                .find(|line| is_rust(language) && line.starts_with("let "));
            assert_eq!(statement, None, "{name}");
        }
    }
}

/// Without a name of the language, a page of the repository does not colour it.
#[test]
fn every_program_names_its_language() {
    for (name, page) in pages() {
        for (language, lines) in blocks(&page) {
            assert!(!language.is_empty(), "{name}: {}", lines.join("\n"));
        }
    }
}

#[test]
fn getting_started_has_the_whole_example() {
    let blocks = blocks(GETTING_STARTED);
    let programs: Vec<_> = blocks
        .iter()
        .filter(|(language, _)| is_rust(language))
        .collect();
    let [(_, lines)] = programs.as_slice() else {
        panic!("{} programs", programs.len());
    };
    assert_eq!(lines.join("\n") + "\n", EXAMPLE);
}

/// `.ci/clients` runs the file.
#[test]
fn single_page_has_the_hook_that_the_gate_runs() {
    let blocks = blocks(SINGLE_PAGE);
    let hook = blocks.iter().find(|(_, lines)| {
        let mut lines = lines.iter();
        lines.any(|line| line.contains("function exposureHook"))
    });
    let (language, lines) = hook.expect("the guide has no hook");
    assert_eq!(*language, "js");
    assert_eq!(lines.join("\n") + "\n", HOOK);
}
