//! A shop that a test opens: the built binary, on a free port.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

use tower_tracks::{MultiTrackSet, unit::CookieSigning};

use super::{binary, browser::Browser, records::Records, sets, visitor::Visitor};

pub(super) const USUAL_PRICES: [i64; 6] = [4, 3, 6, 5, 4, 5];
const PATIENCE: Duration = Duration::from_secs(20);

/// A shop that is open until it is dropped.
pub(super) struct Shop {
    child: Child,
    pub(super) records: Arc<Records>,
    origin: String,
    log: Receiver<String>,
}

impl Shop {
    pub(super) fn open() -> Self {
        Self::open_with(&[])
    }

    /// Opens a shop with variables of its environment.
    pub(super) fn open_with(settings: &[(&str, &str)]) -> Self {
        Self::open_on(Arc::new(Records::new()), settings)
    }

    /// Opens another instance on the same records.
    pub(super) fn open_beside(&self) -> Self {
        Self::open_on(Arc::clone(&self.records), &[])
    }

    fn open_on(records: Arc<Records>, settings: &[(&str, &str)]) -> Self {
        let mut command = binary::command("coconuts");
        let mut child = command
            .env("PORT", "0")
            .env("SHOP_DATABASE", records.path())
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let origin = first.split_whitespace().last().unwrap().to_owned();
        let (send, log) = mpsc::channel();
        thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .try_for_each(|line| send.send(line))
        });
        Self {
            child,
            records,
            origin,
            log,
        }
    }

    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    pub(super) fn port(&self) -> &str {
        self.origin.rsplit(':').next().unwrap()
    }

    pub(super) fn browser(&self) -> Browser {
        Browser::new(&self.origin)
    }

    /// Returns the browser of a visitor who is in these tracks.
    pub(super) fn browser_in(&self, tracks: &[&str]) -> Browser {
        let is_in = |own: &[String; 2]| {
            let mut tracks = tracks.iter();
            tracks.all(|track| own.iter().any(|own| own == track))
        };
        self.browser_of(&keys_of(is_in).next().unwrap())
    }

    /// Returns the browser of a visitor with a key.
    pub(super) fn browser_of(&self, key: &str) -> Browser {
        let signing = CookieSigning::new("everybody knows the coconut shop").unwrap();
        self.browser().cookie("tracks", &signing.value(key))
    }

    /// Waits for a line of the log.
    #[track_caller]
    pub(super) fn logs(&self, part: &str) -> String {
        let mut lines = self.logs_until(part);
        lines.pop().expect(part)
    }

    /// Waits for a line of the log, and returns it after all lines before it.
    #[track_caller]
    pub(super) fn logs_until(&self, part: &str) -> Vec<String> {
        let deadline = Instant::now() + PATIENCE;
        let mut lines = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            lines.push(self.log.recv_timeout(left).expect(part));
            if lines.last().is_some_and(|line| line.contains(part)) {
                return lines;
            }
        }
    }

    pub(super) fn terminate(&self) {
        self.signal("-TERM");
    }

    pub(super) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let kill = Command::new("kill").args([signal, &id]).status();
        assert!(kill.unwrap().success());
    }

    #[track_caller]
    pub(super) fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the shop does not close");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the keys of visitors for whom the code chooses what is wanted, group by group.
pub(super) fn keys_of(is_wanted: impl Fn(&[String; 2]) -> bool) -> impl Iterator<Item = String> {
    let groups = [sets::delay_or_pricing().unwrap(), sets::banner().unwrap()];
    let visitor = Visitor {
        is_vip: false,
        device: "desktop",
    };
    let keys = (0..10_000).map(|number| format!("{number:021}A"));
    keys.filter(move |key| {
        let choice = |sets: &MultiTrackSet<Visitor>| sets.assign(&**key, &visitor).to_string();
        is_wanted(&groups.each_ref().map(choice))
    })
}
