//! Changes of running tests, in the reports of pages.

use std::{sync::Arc, time::Duration};

use tower_tracks::{
    control::{Act, Appended, ChangeLog, Controls, Draft},
    store::{Sqlite, Store},
};

use super::{dashboard, get};
use crate::{cli::small, sinks::Folder};

#[tokio::test]
async fn a_page_says_that_the_enrolment_was_closed() {
    let folder = Folder::new();
    let store = Arc::new(Sqlite::open(small(&folder)).unwrap());
    let close = Draft::new("pricing", 1, Act::Close, "alice", "enough units");
    assert!(matches!(
        store.append(&close, 0).unwrap(),
        Appended::Added(_)
    ));
    let controls = Controls::builder(Arc::clone(&store)).start().unwrap();
    let facts: Arc<dyn Store> = store.clone();
    let refreshed = dashboard(facts).refresh(Duration::from_millis(1));
    let router = refreshed.controls(&controls).into_router();
    // The first report may still be computed.
    for _ in 0..1000 {
        let page = get(&router, "/set?name=pricing").await.body;
        if page.contains("the enrolment was closed on ") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no page said that the enrolment was closed");
}
