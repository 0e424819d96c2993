//! A recorder remembers a bounded number of sets, and reports each of them once to a sink.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc, Mutex, Weak,
        atomic::{
            AtomicU64,
            Ordering::{Acquire, Release},
        },
        mpsc,
    },
    time::Duration,
};

use axum::{Router, routing::get};
use tower::Layer;
use tower_tracks::{
    Exposure, Key, MultiTrackSet, Observe, SimpleTrackSet, TracksLayer,
    assign::Set,
    record::{Lost, Record, Recorder, Sink, SinkError, Taken},
    store::{Memory, Store},
};

use super::{LONG, builder, delay, exposure};

/// How many connections a test makes to a server.
const CONNECTIONS: usize = 2_000;

/// How many sets, and how many may wait for a sink.
const MANY: usize = 5_000;
const MOST: usize = 1_000;

/// The calls of a sink.
#[derive(Default)]
struct Told {
    sets: AtomicU64,
    settled: AtomicU64,
}

/// A sink that counts its sets. Where it has a receiver, it hangs in the first definition
/// until the sender is dropped.
struct Counts {
    name: &'static str,
    told: Arc<Told>,
    hangs: Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>,
}

impl Counts {
    fn new(name: &'static str) -> (Self, Arc<Told>) {
        let told = Arc::new(Told::default());
        let counts = Self {
            name,
            told: Arc::clone(&told),
            hangs: None,
        };
        (counts, told)
    }

    /// Returns a sink that hangs, with who hears of it, and who lets it go on.
    fn hanging() -> (Self, Arc<Told>, mpsc::Receiver<()>, mpsc::Sender<()>) {
        let (mut counts, told) = Self::new("hanging");
        let (begun, begins) = mpsc::channel();
        let (lets_on, let_on) = mpsc::channel();
        counts.hangs = Some((begun, let_on));
        (counts, told, begins, lets_on)
    }
}

impl Sink for Counts {
    fn name(&self) -> &str {
        self.name
    }

    fn define(&mut self, _: &Arc<Set>) {
        self.told.sets.fetch_add(1, Release);
        if let Some((begun, let_on)) = self.hangs.take() {
            begun.send(()).unwrap();
            let _ = let_on.recv();
        }
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        Ok(Taken {
            written: records.len() as u64,
            ..Taken::default()
        })
    }

    fn settle(&mut self, _: &[Lost]) -> Result<(), SinkError> {
        self.told.settled.fetch_add(1, Release);
        Ok(())
    }
}

/// Keeps the sets that a layer tells.
#[derive(Default)]
struct Sets(Mutex<Vec<Arc<Set>>>);

impl Observe for Sets {
    fn observe(&self, _: &Exposure) {}

    fn define(&self, set: &Arc<Set>) {
        self.0.lock().unwrap().push(Arc::clone(set));
    }
}

/// Returns the only set of a group.
fn only(sets: MultiTrackSet) -> Arc<Set> {
    let told = Arc::new(Sets::default());
    let _ = TracksLayer::new(sets).observe(told.clone()).layer(());
    let set = told.0.lock().unwrap().pop();
    set.unwrap()
}

fn numbered(number: usize) -> MultiTrackSet {
    let set = SimpleTrackSet::new(format!("set-{number}"));
    set.track("long", ()).build().unwrap()
}

/// Makes a server, and so many connections of one request each.
async fn serve(layer: TracksLayer) {
    let app = Router::new()
        .route("/", get(async || "home"))
        .route("/about", get(async || "about"))
        .layer(layer);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async { axum::serve(listener, app).await });
    let visits = move || (0..CONNECTIONS).for_each(|_| visit(address));
    tokio::task::spawn_blocking(visits).await.unwrap();
    server.abort();
}

fn visit(address: SocketAddr) {
    let mut connection = TcpStream::connect(address).unwrap();
    let request = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    connection.write_all(request).unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
}

#[tokio::test]
async fn connections_of_a_server_tell_a_set_once() {
    let (hangs, of_hanging, begins, lets_on) = Counts::hanging();
    let (quick, of_quick) = Counts::new("quick");
    let recorder = builder().settle(Duration::ZERO).sink(hangs).sink(quick);
    let recorder = recorder.start().unwrap();
    let observed = Arc::new(Sets::default());
    let layer = TracksLayer::new(delay())
        .observe(recorder.clone())
        .observe(observed.clone());
    serve(layer).await;
    begins.recv_timeout(LONG).unwrap();
    drop(lets_on);
    recorder.flush().await.unwrap();
    assert_eq!(observed.0.lock().unwrap().len(), 1);
    for told in [of_hanging, of_quick] {
        assert_eq!(told.sets.load(Acquire), 1);
        // For the set, and for the flush.
        assert!(told.settled.load(Acquire) <= 2);
    }
}

/// A layer with another observer reports to that one as well.
#[test]
fn an_observer_that_is_added_later_is_told_the_sets() {
    let (first, second) = (Arc::new(Sets::default()), Arc::new(Sets::default()));
    let layer = TracksLayer::new(delay()).observe(first.clone());
    let _ = (layer.layer(()), layer.layer(()));
    assert_eq!(first.0.lock().unwrap().len(), 1);
    let _ = layer.observe(second.clone()).layer(());
    assert_eq!(second.0.lock().unwrap().len(), 1);
}

#[test]
fn a_set_that_is_built_for_each_connection_is_told_once() {
    let (sink, told) = Counts::new("counts");
    let recorder = builder().settle(Duration::ZERO).sink(sink).start().unwrap();
    for _ in 0..MANY {
        let _ = TracksLayer::new(delay())
            .observe(recorder.clone())
            .layer(());
    }
    recorder.flush().wait().unwrap();
    assert_eq!(told.sets.load(Acquire), 1);
    assert!(told.settled.load(Acquire) <= 2);
}

#[test]
fn sets_that_wait_for_a_sink_that_hangs_are_bounded() {
    let (sink, told, begins, lets_on) = Counts::hanging();
    let recorder = builder().sink(sink).start().unwrap();
    recorder.define(&only(delay()));
    begins.recv_timeout(LONG).unwrap();
    let sets: Vec<Weak<Set>> = (0..MANY).map(|number| defined(&recorder, number)).collect();
    assert_eq!(alive(&sets), MOST);
    drop(lets_on);
    recorder.flush().wait().unwrap();
    assert_eq!(
        (told.sets.load(Acquire), alive(&sets)),
        (1 + MOST as u64, 0)
    );
    // A set that had no room is accepted when it is reported again.
    recorder.define(&only(numbered(MANY - 1)));
    recorder.flush().wait().unwrap();
    assert_eq!(told.sets.load(Acquire), 2 + MOST as u64);
}

fn defined(recorder: &Recorder, number: usize) -> Weak<Set> {
    let set = only(numbered(number));
    recorder.define(&set);
    Arc::downgrade(&set)
}

fn alive(sets: &[Weak<Set>]) -> usize {
    sets.iter().filter(|set| set.strong_count() > 0).count()
}

#[test]
fn a_store_remembers_a_bounded_number_of_sets_that_are_built_again() {
    let store = Arc::new(Memory::default());
    let recorder = builder().store(store.clone()).start().unwrap();
    let rebuilt: Vec<Weak<Set>> = (0..MANY).map(|_| exposed(&recorder, delay())).collect();
    recorder.flush().wait().unwrap();
    // Beside the one that stands for all.
    assert!(alive(&rebuilt) <= MOST + 1, "{}", alive(&rebuilt));
    let phases = store.phases().unwrap();
    assert_eq!((phases.len(), phases[0].definitions.len()), (1, 1));
}

fn exposed(recorder: &Recorder, sets: MultiTrackSet) -> Weak<Set> {
    recorder.observe(&exposure(&sets, Key::from("alice")));
    Arc::downgrade(&only(sets))
}
