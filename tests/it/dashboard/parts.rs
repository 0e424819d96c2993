//! No list is longer than a part of it, on pages, in JSON and in CSV; links lead to each item once.

use std::{collections::BTreeMap, sync::Arc};

use allocation_counter::measure;
use axum::{Router, body::Body};
use http::Request;
use serde_json::Value;
use tower_tracks::store::Memory;

use super::{Answer, dashboard, filled, get, many::put, read, send};

/// The sets with few goals.
const SETS: usize = 450;
/// The sets with many.
const LARGE: usize = 3;

/// The goals of a set with many.
const GOALS: usize = 2_600;

fn name(number: usize) -> String {
    format!("set-{number:03}")
}

async fn router() -> Router {
    let (_, report) = filled();
    let store = Memory::default();
    let mut phase = report.latest("pricing").unwrap().clone();
    phase.series.clear();
    phase.requests.clear();
    let goal = phase.goals.remove(0);
    phase.goals = vec![goal.clone()];
    for number in 0..SETS + LARGE {
        phase.set = name(number);
        if number >= SETS {
            phase.goals = vec![goal.clone(); GOALS];
        }
        put(&store, &phase);
    }
    let router = dashboard(Arc::new(store)).into_router();
    read(&router).await;
    router
}

/// Returns all answers to which links lead, from a first one on.
async fn follow(
    router: &Router,
    first: &str,
    next: impl Fn(&Answer) -> Option<String>,
) -> Vec<Answer> {
    let (mut answers, mut path) = (Vec::new(), Some(first.to_owned()));
    while let Some(asked) = path {
        let answer = get(router, &format!("/{asked}")).await;
        assert!(answer.status.is_success(), "{asked}: {}", answer.status);
        path = next(&answer);
        answers.push(answer);
        assert!(answers.len() < 20, "{first} has no end");
    }
    answers
}

fn next_of_header(answer: &Answer) -> Option<String> {
    let link = answer.header("link").strip_prefix('<')?;
    Some(link.strip_suffix(">; rel=\"next\"").unwrap().to_owned())
}

fn next_of_page(answer: &Answer) -> Option<String> {
    let (before, _) = answer.body.split_once("\">More tests")?;
    Some(before.rsplit_once("href=\"").unwrap().1.to_owned())
}

/// Fails unless each set is in some answers once.
#[track_caller]
fn check_all(found: impl IntoIterator<Item = String>) {
    let mut found: Vec<String> = found.into_iter().collect();
    found.sort_unstable();
    let all: Vec<String> = (0..SETS + LARGE).map(name).collect();
    assert_eq!(found, all);
}

#[tokio::test]
async fn all_sets_are_on_pages_of_fifty() {
    let router = router().await;
    let pages = follow(&router, "sets", next_of_page).await;
    let names = |page: &Answer| -> Vec<String> {
        let links = page.body.split("href=\"set?name=").skip(1);
        links.map(|rest| rest[..7].to_owned()).collect()
    };
    let lengths: Vec<usize> = pages.iter().map(|page| names(page).len()).collect();
    assert_eq!(lengths, [50, 50, 50, 50, 50, 50, 50, 50, 50, 3]);
    check_all(pages.iter().flat_map(names));
    let count = format!("<span class=\"count\">{}</span>", SETS + LARGE);
    assert!(pages.iter().all(|page| page.body.contains(&count)));
    assert!(
        pages[1].body.contains("Tests 51 to 100 of 453."),
        "{}",
        pages[1].body
    );
    let back = "<a rel=\"prev\" href=\"sets?from=50\">";
    assert!(pages[2].body.contains(back));
}

#[tokio::test]
async fn all_phases_are_in_parts_of_json_and_csv() {
    let router = router().await;
    let parts = follow(&router, "sets.json", next_of_header).await;
    let parts: Vec<Value> = parts
        .iter()
        .map(|part| serde_json::from_str(&part.body).unwrap())
        .collect();
    for part in &parts {
        let phases = part["report"]["phases"].as_array().unwrap();
        let goals = phases
            .iter()
            .map(|phase| phase["goals"].as_array().unwrap().len());
        let (goals, phases) = (goals.sum::<usize>(), phases.len());
        assert!(
            phases <= 200 && (goals <= 5_000 || phases == 1),
            "{phases}, {goals}"
        );
    }
    let names = |at: fn(&Value) -> &Value| {
        let lists = parts
            .iter()
            .flat_map(move |part| at(part).as_array().unwrap());
        lists.map(|phase| phase["set"].as_str().unwrap().to_owned())
    };
    check_all(names(|part| &part["report"]["phases"]));
    check_all(names(|part| &part["sets"]));
    assert_eq!(parts[0]["next"], 200);
    assert_eq!(parts.last().unwrap()["next"], Value::Null);

    let parts = follow(&router, "sets.csv", next_of_header).await;
    let rows = parts.iter().flat_map(|part| part.body.lines().skip(1));
    let mut rows_of = BTreeMap::<&str, usize>::new();
    for row in rows {
        *rows_of.entry(row.split(',').next().unwrap()).or_default() += 1;
    }
    assert_eq!(rows_of[&*name(0)] * GOALS, rows_of[&*name(SETS)]);
    check_all(rows_of.into_keys().map(str::to_owned));
}

/// The goals of one phase are in parts, too, and what is about one goal is beside it.
#[tokio::test]
async fn all_goals_of_a_phase_are_in_parts_of_json_and_csv() {
    let store = Memory::default();
    let mut phase = filled().1.latest("pricing").unwrap().clone();
    let pattern = phase.goals[0].clone();
    let notice = phase.notices.first().cloned().unwrap();
    (phase.notices, phase.goals) = (vec![notice.clone()], Vec::new());
    phase.notices[0].goal = None;
    // One about a sum over requests is beside all of them.
    let mut errors = notice.clone();
    errors.goal = Some("errors per request".to_owned());
    phase.notices.push(errors);
    for number in 0..GOALS {
        let label = format!("number-{number:04}");
        let (mut goal, mut notice) = (pattern.clone(), notice.clone());
        (goal.label, notice.goal) = (label.clone(), Some(label));
        phase.goals.push(goal);
        phase.notices.push(notice);
    }
    put(&store, &phase);
    let router = dashboard(Arc::new(store)).into_router();
    read(&router).await;
    let all: Vec<String> = (0..GOALS).map(|n| format!("number-{n:04}")).collect();

    let parts = follow(&router, "set.json?name=pricing&phase=1", next_of_header).await;
    let parts: Vec<Value> = parts
        .iter()
        .map(|part| serde_json::from_str(&part.body).unwrap())
        .collect();
    let list = |part: &Value, of: &str, name: &str| -> Vec<String> {
        let list = part["report"][of].as_array().unwrap().iter();
        list.filter_map(|item| item[name].as_str().map(str::to_owned))
            .collect()
    };
    let lengths = parts.iter().map(|part| list(part, "goals", "label").len());
    assert_eq!(lengths.collect::<Vec<_>>(), [1_000, 1_000, 600]);
    for (of, name) in [("goals", "label"), ("notices", "goal")] {
        let found = parts.iter().flat_map(|part| list(part, of, name));
        let found = found.filter(|label| label.starts_with("number-"));
        assert_eq!(found.collect::<Vec<String>>(), all);
    }
    for part in &parts {
        assert_eq!(part["report"]["notices"][0]["goal"], Value::Null);
        assert_eq!(part["report"]["notices"][1]["goal"], "errors per request");
        assert_eq!(part["report"]["units"], parts[0]["report"]["units"]);
    }
    assert_eq!(
        [&parts[0]["next"], &parts[2]["next"]],
        [&Value::from(1_000), &Value::Null]
    );

    let parts = follow(&router, "set.csv?name=pricing", next_of_header).await;
    let rows = parts.iter().flat_map(|part| part.body.lines().skip(1));
    let mut found: Vec<String> = rows
        .filter_map(|row| row.split(',').find(|cell| cell.starts_with("number-")))
        .map(str::to_owned)
        .collect();
    found.dedup();
    assert_eq!(found, all);
}

/// Allocations are counted by thread: those of other threads do not block this one.
#[test]
fn large_answers_are_written_by_another_thread() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let router = runtime.block_on(router());
    for (path, is_large) in [
        ("/sets.json?from=450", true),
        ("/sets.csv?from=450", true),
        ("/set.json?name=set-000", false),
        ("/set.csv?name=set-000", false),
    ] {
        let request = Request::get(path).header("x-who", "read");
        let request = request.body(Body::empty()).unwrap();
        let mut length = 0;
        let here = measure(|| {
            // The answer is copied twice by the test itself.
            length = runtime.block_on(send(&router, request)).body.len() as u64;
        });
        assert_eq!(length > 100_000, is_large, "{path}: {length}");
        let is_elsewhere = here.bytes_total < 3 * length;
        assert_eq!(
            is_elsewhere, is_large,
            "{path}: {} of {length}",
            here.bytes_total
        );
    }
}
