//! Changes of running tests, in the reports of pages.

use std::{sync::Arc, time::Duration};

use tower_tracks::{
    control::{Act, Appended, ChangeLog, Controls, Draft},
    store::{Sqlite, Store},
};

use super::{dashboard, get, read};
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
    let page = async |router| {
        read(&router).await;
        get(&router, "/set?name=pricing").await.body
    };
    let facts: Arc<dyn Store> = store.clone();
    let dashboard = dashboard(facts)
        .refresh(Duration::from_millis(1))
        .controls(&controls);
    let body = page(dashboard.into_router()).await;
    assert!(body.contains("the enrolment was closed on "), "{body}");
}
