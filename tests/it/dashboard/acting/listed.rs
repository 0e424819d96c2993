//! The list of all changes, as a page, JSON and CSV.

use serde_json::Value;
use tower_tracks::control::{Act, ChangeLog, Controls, Draft, MemoryLog};

use super::Shop;

const SCRIPT: &str = "<script>alert(\"1\")</script>";

/// A log with changes of a set, and one of a set that no program has.
fn log(changes: u64) -> MemoryLog {
    let log = MemoryLog::default();
    for number in 0..changes {
        let act = if number % 2 == 0 {
            Act::Pause
        } else {
            Act::Resume
        };
        let draft = Draft::new("pricing", 1, act, "Bob", "a test");
        let _ = log.append(&draft, number).unwrap();
    }
    let hostile = Draft::new(SCRIPT, 3, Act::Pause, SCRIPT, SCRIPT);
    let _ = log.append(&hostile, 0).unwrap();
    log
}

async fn shop(changes: u64) -> Shop {
    Shop::of(Controls::builder(log(changes))).await
}

#[tokio::test]
async fn a_change_is_listed_with_what_it_changed() {
    let shop = shop(0).await;
    shop.act("Ann", "set=pricing&act=share&share=25", SCRIPT)
        .await;
    let page = shop.open("read", "/changes").await.body;
    for text in [
        "<strong>share 25%</strong>",
        "Share: <del>100% of the units, by the code</del>",
        "<ins>25% of the units, over 100% in code</ins>",
        "<td>Ann</td>",
        "not in this program",
        "no layer of this program has the set",
        "&#60;script&#62;alert",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("<script"), "{page}");
    let set = shop.open("Ann", "/set?name=pricing").await.body;
    assert!(
        set.contains("&#60;script&#62;") && !set.contains("<script"),
        "{set}"
    );
    let of_set = shop.open("read", "/changes?set=pricing").await.body;
    assert!(!of_set.contains("not in this program"), "{of_set}");
}

#[tokio::test]
async fn json_has_the_values_and_what_became_of_the_change() {
    let shop = shop(1).await;
    shop.act("Ann", "set=pricing&act=share&share=25", "a first look")
        .await;
    let json = shop.open("read", "/changes.json").await.body;
    let json: Value = serde_json::from_str(&json).unwrap();
    let changes = json["changes"].as_array().unwrap();
    let latest = &changes[0];
    assert_eq!(
        (&latest["act"], &latest["share"]),
        (&"share".into(), &0.25.into())
    );
    assert_eq!(
        (&latest["number"], &latest["state"]),
        (&3.into(), &"counts".into())
    );
    assert!(
        latest["effective-at"].as_str().unwrap().ends_with('Z'),
        "{latest}"
    );
    assert_eq!(latest["differences"][0]["what"], "Share");
    assert_eq!(changes[1]["state"], "elsewhere");
    assert_eq!(changes[2]["state"], "counts");
    assert_eq!(json["missing"], Value::Null);
    let csv = shop.open("read", "/changes.csv?set=pricing").await.body;
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 3);
    assert!(
        rows[1].starts_with("3,pricing,1,share,share 25%,Ann,20"),
        "{csv}"
    );
    assert!(rows[1].ends_with(",a first look,counts,"), "{csv}");
}

/// Follows a link of each answer, and returns the numbers of the changes in each.
async fn follow(
    shop: &Shop,
    first: &str,
    next: fn(&super::Answer) -> Option<String>,
    numbers: fn(&str) -> Vec<u64>,
) -> Vec<Vec<u64>> {
    let (mut parts, mut path) = (Vec::new(), Some(first.to_owned()));
    while let Some(asked) = path {
        let answer = shop.open("read", &format!("/{asked}")).await;
        assert!(answer.status.is_success(), "{asked}: {}", answer.status);
        path = next(&answer);
        parts.push(numbers(&answer.body));
        assert!(parts.len() < 9, "{first} has no end");
    }
    parts
}

fn next_of_header(answer: &super::Answer) -> Option<String> {
    let link = answer.header("link").strip_prefix('<')?;
    Some(link.strip_suffix(">; rel=\"next\"").unwrap().to_owned())
}

#[tokio::test]
async fn all_changes_are_in_parts_of_two_hundred() {
    let shop = shop(449).await;
    let pages = follow(
        &shop,
        "changes",
        |answer| {
            let (before, _) = answer.body.split_once("\">Earlier changes")?;
            Some(before.rsplit_once("href=\"").unwrap().1.to_owned())
        },
        |page| {
            let rows = page.split("<th scope=\"row\" class=\"number\">").skip(1);
            rows.map(|row| row.split('<').next().unwrap().parse().unwrap())
                .collect()
        },
    );
    let json = follow(&shop, "changes.json", next_of_header, |json| {
        let json: Value = serde_json::from_str(json).unwrap();
        let changes = json["changes"].as_array().unwrap().iter();
        changes
            .map(|change| change["number"].as_u64().unwrap())
            .collect()
    });
    let csv = follow(&shop, "changes.csv?set=pricing", next_of_header, |csv| {
        let rows = csv.lines().skip(1);
        rows.map(|row| row.split(',').next().unwrap().parse().unwrap())
            .collect()
    });
    let all: Vec<u64> = (1..=450).rev().collect();
    for (parts, all) in [
        (pages.await, &all[..]),
        (json.await, &all[..]),
        (csv.await, &all[1..]),
    ] {
        let lengths: Vec<usize> = parts.iter().map(Vec::len).collect();
        assert_eq!(lengths, [200, 200, all.len() - 400]);
        assert_eq!(parts.concat(), all);
    }
    let page = shop.open("read", "/changes?from=200").await.body;
    assert!(page.contains("Changes 201 to 400 of 450."), "{page}");
    // Beyond the last change is the last page.
    let page = shop.open("read", "/changes?from=999999").await.body;
    assert!(page.contains("Changes 401 to 450 of 450."), "{page}");
}

#[tokio::test]
async fn a_dashboard_without_controls_says_so() {
    let router = super::dashboard(super::filled().0).into_router();
    let page = super::open(&router, "read", "/changes").await.body;
    assert!(
        page.contains("The dashboard was given no controls."),
        "{page}"
    );
}
