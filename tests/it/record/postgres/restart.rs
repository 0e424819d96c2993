use std::{
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use sqlx::postgres::PgPoolOptions;
use tower_tracks::store::{Attribute, Memory, Postgres, Store, Written};

use super::{
    facts::{met, question},
    schema::wait,
    server::Server,
};

/// Returns a store that does not wait for long.
fn connect(server: &Server) -> Postgres {
    wait(async {
        let options = PgPoolOptions::new().acquire_timeout(Duration::from_secs(2));
        let pool = options.connect(&server.uri).await.unwrap();
        Postgres::connect(pool).await.unwrap()
    })
}

/// Writes a batch as a recorder does: again and again.
fn persist(store: &Postgres, batch: u64) -> Written {
    loop {
        match store.write(&met(batch * 50..batch * 50 + 50)) {
            Ok(written) => return written,
            Err(error) if error.is_transient() => thread::sleep(Duration::from_millis(10)),
            Err(error) => panic!("{error}: {error:?}"),
        }
    }
}

/// What was confirmed is there, and what was written twice counts once.
#[test]
fn a_server_that_goes_and_comes_back() {
    let Some(server) = Server::start() else {
        return;
    };
    let (store, done) = (connect(&server), AtomicBool::new(false));
    let (confirm, confirmed) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let confirm = confirm;
            for batch in 0.. {
                confirm.send(persist(&store, batch)).unwrap();
                if done.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        for how in ["stop", "crash", "crash"] {
            confirmed.iter().take(20).for_each(drop);
            server.restart(how);
        }
        done.store(true, Ordering::Relaxed);
    });
    let batches = 60 + confirmed.iter().count() as u64;
    let memory = Memory::default();
    memory.write(&met(0..batches * 50)).unwrap();
    let answer = memory.attribute(&question()).unwrap();
    assert_eq!(store.attribute(&question()).unwrap(), answer);
    let again = store.write(&met(0..batches * 50)).unwrap().total();
    assert_eq!((again.new, again.known), (0, batches * 100));
}
