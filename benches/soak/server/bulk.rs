use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant, SystemTime},
};

use tower_tracks::{Exposure, Key, MultiTrackSet, Observe, record::Recorder};

use super::{App, Recorders, Settings};

/// How often some of them come.
const TICK: Duration = Duration::from_millis(10);

/// Visitors that the server makes up, each exposed once and with one goal, as a job would record
/// them. They are so many that what a sink knows is forgotten, and the memory for it full, within
/// each fifth of a soak.
pub(super) struct Bulk {
    told: Arc<AtomicU64>,
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

struct Making {
    settings: Settings,
    sets: MultiTrackSet,
    clock: Box<dyn Fn() -> SystemTime + Send>,
    recorders: Arc<Recorders>,
    told: Arc<AtomicU64>,
    is_over: Arc<AtomicBool>,
}

impl Bulk {
    pub(super) fn start(settings: &Settings, app: &App, recorders: &Arc<Recorders>) -> Self {
        let (told, is_over) = (Arc::default(), Arc::default());
        let making = Making {
            settings: settings.clone(),
            sets: app.sets.clone(),
            clock: Box::new(app.clock()),
            recorders: Arc::clone(recorders),
            told: Arc::clone(&told),
            is_over: Arc::clone(&is_over),
        };
        let thread = thread::spawn(move || making.run());
        Self {
            told,
            is_over,
            thread,
        }
    }

    /// Returns the number of visitors whose events are all reported.
    pub(super) fn told(&self) -> u64 {
        self.told.load(SeqCst)
    }

    /// Ends it, and returns the number of visitors whose events are all reported.
    pub(super) fn end(self) -> u64 {
        self.is_over.store(true, SeqCst);
        self.thread.join().unwrap();
        self.told.load(SeqCst)
    }
}

impl Making {
    fn run(&self) {
        for _ in 0..self.settings.warm {
            self.next();
            self.wait_for_room();
        }
        let begin = Instant::now();
        let mut made = 0;
        while !self.is_over.load(SeqCst) {
            let due = begin.elapsed().as_millis() as u64 * self.settings.a_second / 1_000;
            while made < due {
                self.next();
                made += 1;
            }
            thread::sleep(TICK);
        }
    }

    fn next(&self) {
        let visitor = self.settings.first + self.told.load(SeqCst);
        let (key, at) = (Key::from(visitor.to_string()), (self.clock)());
        let choice = self.sets.assign(key.clone(), &());
        let exposure = Exposure::new(choice, key.clone(), at).unwrap();
        self.recorders.observe(&exposure);
        for recorder in self.recorders.all() {
            let purchase = recorder.reached(&key, "purchase").at(at);
            purchase.value(19.90).once("order").unwrap();
        }
        self.told.fetch_add(1, SeqCst);
    }

    fn wait_for_room(&self) {
        let is_full = |recorder: &Recorder| {
            let mut depths = recorder.depths();
            depths.any(|(_, waiting, capacity)| waiting > capacity / 2)
        };
        while self.recorders.all().any(is_full) && !self.is_over.load(SeqCst) {
            thread::sleep(Duration::from_millis(1));
        }
    }
}
