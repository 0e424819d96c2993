use serde_json::Value;
use tower_tracks::report::{PhaseReport, Report, SeriesDay};

use super::{dashboard, filled, get, read};

#[tokio::test]
async fn json_and_csv_are_the_report() {
    let (store, report) = filled();
    let router = dashboard(store).into_router();
    read(&router).await;

    let sets: Value = serde_json::from_str(&get(&router, "/sets.json").await.body).unwrap();
    let told: Report = serde_json::from_value(sets["report"].clone()).unwrap();
    assert_eq!(told, report);
    assert_eq!(get(&router, "/sets.csv").await.body, report.to_csv());

    let set = get(&router, "/set.json?name=search&phase=1").await.body;
    let set: Value = serde_json::from_str(&set).unwrap();
    let told: PhaseReport = serde_json::from_value(set["report"].clone()).unwrap();
    assert_eq!(Some(&told), report.phase("search", 1));
    let csv = get(&router, "/set.csv?name=search").await.body;
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    assert!(
        !rows.is_empty() && rows.iter().all(|row| row.starts_with("search,2,")),
        "{csv}"
    );
}

#[tokio::test]
async fn days_are_those_of_the_report() {
    let (store, report) = filled();
    let router = dashboard(store).into_router();
    read(&router).await;
    let csv = get(&router, "/days.csv?name=pricing").await.body;
    let series = &report.latest("pricing").unwrap().series;
    assert_eq!(csv.lines().count(), 1 + 3 * series.len());
    // A track that a plan decided has no later reading.
    let has_lift = |day: &&SeriesDay| day.tracks[1].lift.is_some();
    let last = series.iter().rfind(has_lift).unwrap();
    let lift = last.tracks[1].lift.unwrap().to_string();
    let row = format!("{},cheap,{},", last.day, last.tracks[1].units);
    assert!(
        csv.lines()
            .any(|line| line.starts_with(&row) && line.contains(&lift)),
        "{csv}"
    );
}
