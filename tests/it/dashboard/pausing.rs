use http::StatusCode;
use tower_tracks::TracksLayer;

use super::{dashboard, filled, get, post};

#[tokio::test]
async fn users_who_may_act_pause_and_are_named() {
    let layer = TracksLayer::new(super::filled::pricing().unwrap());
    let pauses = layer.pauses();
    let router = dashboard(filled().0).pauses(layer.pauses()).into_router();
    let may_read = [("x-who", "read")];
    let answer = post(&router, "/pause", &may_read, "set=pricing").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(pauses.paused().count(), 0);

    let ann = [("x-who", "Ann <b>")];
    let answer = post(&router, "/pause", &ann, "set=pricing&from_set=true").await;
    assert_eq!(answer.header("location"), "set?name=pricing");
    assert_eq!(pauses.paused().collect::<Vec<_>>(), ["pricing"]);
    let page = get(&router, "/pauses").await.body;
    assert!(page.contains("Ann &#60;b&#62;"), "{page}");
    let csv = get(&router, "/pauses.csv").await.body;
    assert!(csv.contains("pricing,true,Ann <b>,20"), "{csv}");

    let answer = post(&router, "/resume", &ann, "set=pricing").await;
    assert_eq!(answer.header("location"), "pauses");
    assert_eq!(pauses.paused().count(), 0);
    let answer = post(&router, "/pause", &ann, "set=%3Cscript%3E").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(!answer.body.contains("<script"), "{}", answer.body);
}
