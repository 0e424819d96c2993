//! The answer of an engine as a file, and files that are no answer.
//!
//! `TRACKS_BLESS=1 .ci/postgres cargo test --test it warehouse::postgres` writes the file again.

use std::fs;

use tower_tracks::{
    store::{Attribute, Question, StoreErrorKind, Timestamp},
    warehouse::{Cells, Dialect, sql},
};

use super::{History, check};
use crate::sinks::Folder;

/// What PostgreSQL answered about one history.
pub(super) const ANSWER: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/warehouse/answer.csv");

/// The seed of this history.
pub(super) const ANSWERED: u64 = 74;

#[test]
fn an_answer_of_an_engine_is_that_of_the_store() {
    check(&History::of_seed(ANSWERED), ANSWER.as_ref());
}

#[test]
fn parts_of_an_answer_may_be_in_several_files_in_any_order() {
    let (folder, text) = (Folder::new(), fs::read_to_string(ANSWER).unwrap());
    let (header, rows) = text.split_once('\n').unwrap();
    for (number, row) in rows.lines().rev().enumerate() {
        fs::write(
            folder.join(format!("part-{number:04}.csv")),
            format!("{header}\n{row}\n"),
        )
        .unwrap();
    }
    fs::write(folder.join("empty.csv"), "").unwrap();
    fs::write(folder.join("notes.txt"), "not one of them").unwrap();
    check(&History::of_seed(ANSWERED), &folder.join(""));
}

#[test]
fn the_latest_answer_counts() {
    let folder = Folder::new();
    let question = History::of_seed(ANSWERED).question;
    let (phase, as_of) = (&question.phase, question.as_of.as_micros());
    let text = fs::read_to_string(ANSWER).unwrap();
    fs::write(folder.join("1.csv"), &text).unwrap();
    fs::write(
        folder.join("2.csv"),
        text.replace(&as_of.to_string(), &(as_of + 5).to_string()),
    )
    .unwrap();
    let cells = Cells::at(folder.join(""));
    for (asked, expected) in [
        (as_of - 1, as_of - 1),
        (as_of + 4, as_of),
        (as_of + 5, as_of + 5),
        (as_of + 9, as_of + 5),
    ] {
        let latest = cells.as_of(phase, Timestamp::from_micros(asked)).unwrap();
        assert_eq!(latest.as_micros(), expected);
    }
}

#[test]
fn answers_to_other_questions_are_refused() {
    let asked = History::of_seed(ANSWERED).question;
    let mut others = vec![asked.clone(); 5];
    others[0].goals.pop();
    others[1].goals[0].window *= 2;
    others[2].skew *= 2;
    others[3].former.clear();
    others[4].closed_at = Some(Timestamp::MIN);
    for other in others {
        if other != asked {
            let reason = refused_reason(&other, ANSWER.as_ref());
            assert!(reason.contains("is to another question"), "{reason}");
        }
    }
}

#[test]
fn answers_that_contradict_themselves_are_refused() {
    let text = fs::read_to_string(ANSWER).unwrap();
    let columns: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let column = |name: &str| columns.iter().position(|column| *column == name).unwrap();
    // Changes a column of the first row of a part.
    let changed = |part: &str, name: &str, value: &str| {
        let mut is_first = true;
        let rows = text.lines().map(|row| {
            let mut fields: Vec<&str> = row.split(',').collect();
            if fields[column("part")] == part && std::mem::take(&mut is_first) {
                fields[column(name)] = value;
                // The sum of one square always has fewer digits.
                if name == "largest" {
                    fields[column("units")] = "2";
                }
            }
            fields.join(",") + "\n"
        });
        rows.collect::<String>()
    };
    let row = |part: &str| {
        text.lines()
            .skip(1)
            .find(|row| row.split(',').any(|field| field == part))
            .unwrap()
    };
    let without = |part: &str| text.replacen(&format!("{}\n", row(part)), "", 1);
    let twice = |part: &str| format!("{text}{}\n", row(part));
    for (text, expected) in [
        (
            changed("question", "units", "3"),
            "3 exposures have a track that the store did not know",
        ),
        (
            changed("goal", "cells", "tower-tracks 9"),
            "its format is \"tower-tracks 9\"",
        ),
        (changed("goal", "part", "gaol"), "there is no part \"gaol\""),
        (changed("goal", "ix", "99"), "the question has no goal 99"),
        (
            changed("goal", "converters", "1000000"),
            "its numbers contradict each other",
        ),
        (
            changed("goal", "units", "1000000"),
            "a goal has more units than were exposed",
        ),
        (
            changed("goal", "day_no", "7"),
            "a goal has units that were not exposed",
        ),
        (
            changed("goal", "total", "1.5"),
            "the column total has \"1.5\"",
        ),
        (
            changed("goal", "total", "99999999999999999999999999999999999999"),
            "its sums are larger",
        ),
        (
            changed("goal", "largest", "9223372036854775807"),
            "set a cap for the goal",
        ),
        (
            changed("units", "closed_units", "1000000"),
            "the numbers of units contradict each other",
        ),
        (changed("units", "coin", "3"), "the coin is \"3\""),
        (
            changed("definition", "name", "abc"),
            "the fingerprint is none",
        ),
        (without("question"), " rows of "),
        (without("goal"), " rows of "),
        (without("left-out"), " rows of "),
        (
            text[..text.len() / 2]
                .rsplit_once('\n')
                .unwrap()
                .0
                .to_owned()
                + "\n",
            " rows of ",
        ),
        (
            changed("goal", "all_rows", "5"),
            "two answers to the question have the same time",
        ),
        (without("units"), " rows of "),
        (without("definition"), " rows of "),
        (twice("question"), " rows of "),
        (twice("units"), "the numbers of units contradict each other"),
        (twice("goal"), "the same sums are there twice"),
        ("a,b\n1,2\n".to_owned(), "the column cells is missing"),
    ] {
        let folder = Folder::new();
        let file = folder.join("cells.csv");
        fs::write(&file, text).unwrap();
        let answer = Cells::at(file).attribute(&History::of_seed(ANSWERED).question);
        let reason = answer.expect_err(expected).to_string();
        assert!(reason.contains(expected), "{reason}");
    }
}

#[test]
fn files_that_are_not_there_are_no_answer() {
    let folder = Folder::new();
    let question = History::of_seed(ANSWERED).question;
    let error = Cells::at(folder.join("cells.csv"))
        .attribute(&question)
        .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    let reason = refused_reason(&question, &folder.join(""));
    assert!(
        reason.contains("there is no answer about pricing"),
        "{reason}"
    );
}

/// Names of a store cannot be such, so a question with them was made by hand.
#[test]
fn a_name_is_no_sql() {
    let history = History::of_seed(ANSWERED);
    for part in 0..3 {
        let (mut question, mut phases) = (history.question.clone(), history.phases());
        let text = "x' OR 'a' = 'a";
        match part {
            0 => question.phase.set = text.into(),
            1 => question.phase.kind = text.into(),
            _ => phases
                .iter_mut()
                .for_each(|phase| phase.tracks[0].track = text.into()),
        }
        for dialect in Dialect::ALL {
            let error = sql(&question, &phases, dialect).unwrap_err().to_string();
            assert_eq!(error, format!("the name {text:?} is invalid"));
        }
    }
}

fn refused_reason(question: &Question, file: &std::path::Path) -> String {
    let error = Cells::at(file).attribute(question).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Refused);
    error.to_string()
}
