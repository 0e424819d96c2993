use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

use http::StatusCode;
use tower_tracks::{
    Goal, Unit,
    record::{
        Attribution, Batch, ErasedRow, History, Loss, Phase, PhaseName, Question, Readout,
        RequestSums, Store, StoreError, StoreErrorKind, Timestamp, TrackName, Written,
    },
};

use super::{dashboard, fresh, get, read};

/// A store that goes away, or does not answer.
#[derive(Debug)]
struct Away {
    store: Arc<dyn Store>,
    is_away: AtomicBool,
    hangs: bool,
}

impl Away {
    fn ask<T>(
        &self,
        ask: impl FnOnce(&dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.is_away.load(SeqCst) && self.hangs {
            thread::sleep(Duration::from_secs(60));
        }
        match self.is_away.load(SeqCst) {
            true => Err(StoreError::new(
                StoreErrorKind::Unavailable,
                "it is on <b>holiday",
            )),
            false => ask(&*self.store),
        }
    }
}

impl Store for Away {
    fn claim(&self, units: &str) -> Result<(), StoreError> {
        self.ask(|store| store.claim(units))
    }

    fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        self.ask(|store| store.write(batch))
    }

    fn phases(&self) -> Result<Vec<Phase>, StoreError> {
        self.ask(|store| store.phases())
    }

    fn goals(&self) -> Result<Vec<Goal>, StoreError> {
        self.ask(|store| store.goals())
    }

    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        self.ask(|store| store.attribute(question))
    }

    fn sums(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u16), RequestSums>, StoreError> {
        self.ask(|store| store.sums(phase))
    }

    fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        self.ask(|store| store.losses())
    }

    fn history(&self, unit: Unit) -> Result<History, StoreError> {
        self.ask(|store| store.history(unit))
    }

    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError> {
        self.ask(|store| store.erase(erased))
    }

    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError> {
        self.ask(|store| store.retain(before, running))
    }

    fn dump(
        &self,
        each: &mut dyn FnMut(Batch) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.ask(|store| store.dump(each))
    }

    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError> {
        self.ask(|store| store.put_readout(readout))
    }

    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError> {
        self.ask(|store| store.readouts(kind))
    }
}

fn away(is_away: bool, hangs: bool) -> Arc<Away> {
    Arc::new(Away {
        store: fresh().0,
        is_away: AtomicBool::new(is_away),
        hangs,
    })
}

#[tokio::test]
async fn what_was_read_before_stays_and_what_is_missing_is_said() {
    let store = away(false, false);
    let own: Arc<dyn Store> = Arc::<Away>::clone(&store);
    let router = dashboard(own)
        .refresh(Duration::from_millis(20))
        .into_router();
    read(&router).await;
    store.is_away.store(true, SeqCst);
    let mut page = String::new();
    for _ in 0..1000 {
        page = get(&router, "/set?name=pricing").await.body;
        if page.contains("Not up to date.") {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    assert!(page.contains("it is on &#60;b&#62;holiday"), "{page}");
    assert!(page.contains("Better than control"), "{page}");
    let unit = get(&router, &format!("/unit?id={}", "0".repeat(32)))
        .await
        .body;
    assert!(unit.contains("No answer."), "{unit}");
}

#[tokio::test]
async fn a_store_that_hangs_holds_up_no_page() {
    let router = dashboard(away(true, true)).into_router();
    let begun = Instant::now();
    let page = get(&router, "/sets").await.body;
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    assert!(page.contains("Nothing could be read yet"), "{page}");
    for path in [
        "/set?name=pricing",
        "/set.json?name=pricing",
        "/set.csv?name=pricing",
    ] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.body.contains("Not read yet"), "{}", answer.body);
    }
    let unit = get(&router, &format!("/unit?id={}", "0".repeat(32)))
        .await
        .body;
    assert!(unit.contains("the store has not answered"), "{unit}");
}
