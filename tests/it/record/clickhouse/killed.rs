//! A server that is killed while a recorder writes, and comes back with what it had; and a program that is killed
//! while it records.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tower_tracks::store::{ClickHouse, Store};

use super::{
    database::{Database, skipped},
    facts::{builder, report, written},
};

/// The command that starts a server.
const VARIABLE: &str = "TRACKS_TEST_CLICKHOUSE_START";

/// In the environment of a program that is killed: the URL of its store.
const STORE: &str = "TRACKS_TEST_CLICKHOUSE_KILLED";

/// The number of visitors between two flushes.
const ROUND: u64 = 100;

/// A server of a test's own.
struct Server {
    command: Vec<String>,
    folder: PathBuf,
    child: Child,
}

impl Server {
    /// Starts a server; `None`, with a printed line, without the command.
    fn new(name: &str) -> Option<Self> {
        let Ok(command) = env::var(VARIABLE) else {
            skipped(&format!("{VARIABLE} is not set, so no server was killed"));
            return None;
        };
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let folder = folder.join(format!("clickhouse-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let command: Vec<String> = command.split(' ').map(str::to_owned).collect();
        let child = start(&command, &folder);
        let server = Self {
            command,
            folder,
            child,
        };
        server.wait();
        Some(server)
    }

    fn url(&self) -> String {
        let port = fs::read_to_string(self.folder.join("port")).unwrap();
        format!("http://127.0.0.1:{port}")
    }

    fn wait(&self) {
        let begin = Instant::now();
        let is_up = || self.folder.join("port").exists() && ureq::get(self.url()).call().is_ok();
        while !is_up() {
            assert!(
                begin.elapsed() < Duration::from_secs(60),
                "the server does not start"
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Kills it, and starts it again after a while.
    fn restart(&mut self, after: Duration) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        thread::sleep(after);
        self.child = start(&self.command, &self.folder);
        self.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn start(command: &[String], folder: &std::path::Path) -> Child {
    let mut server = Command::new(&command[0]);
    server.args(&command[1..]);
    server.args([folder.join("data"), folder.join("port")]);
    server
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_killed_server_loses_no_event() {
    let Some(mut server) = Server::new("killed") else {
        return;
    };
    let database = Database::at(server.url());
    let recorder = builder().store(database.store()).start().unwrap();
    let mut reported = 0;
    for turn in 0..4 {
        report(&recorder, reported..reported + 200);
        reported += 200;
        // In the middle of a write, or between two.
        thread::sleep(Duration::from_millis(turn * 13));
        server.restart(Duration::from_millis(300));
    }
    let tally = written(&recorder);
    assert_eq!(
        (tally.dropped, tally.accepted),
        (0, 2 * reported),
        "{tally}"
    );
    assert_eq!(counted(&database), (reported, reported));
}

#[test]
fn a_killed_program_has_written_what_was_confirmed() {
    if let Ok(store) = env::var(STORE) {
        record_for_ever(&store);
    }
    for turn in 0..4 {
        let Some(database) = Database::new() else {
            return;
        };
        let confirmed = kill_after(&database.store_url(), Duration::from_millis(turn * 29));
        let (exposures, conversions) = counted(&database);
        let all = confirmed..=confirmed + ROUND;
        assert!(
            all.contains(&exposures) && all.contains(&conversions),
            "{exposures} exposures, {conversions} conversions, {confirmed} confirmed"
        );
        // Reported again by the next program, there is one of each.
        let recorder = builder().store(database.store()).start().unwrap();
        report(&recorder, 0..confirmed + ROUND);
        written(&recorder);
        let all = confirmed + ROUND;
        assert_eq!(counted(&database), (all, all));
    }
}

/// Reports one visitor after another, each with a purchase, and prints the confirmed number.
fn record_for_ever(store: &str) -> ! {
    let store = ClickHouse::connect(store).unwrap();
    let recorder = builder().store(store).start().unwrap();
    for round in 0.. {
        report(&recorder, round * ROUND..(round + 1) * ROUND);
        written(&recorder);
        // On a line of its own, whatever the test runner has begun.
        println!("\nconfirmed {}", (round + 1) * ROUND);
    }
    unreachable!("there are many rounds")
}

/// Starts this very test as another process, kills it, and returns how many visitors it said were confirmed.
fn kill_after(store: &str, moment: Duration) -> u64 {
    let test = "record::clickhouse::killed::a_killed_program_has_written_what_was_confirmed";
    let mut child = Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(STORE, store)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines = lines.map_while(Result::ok);
    let mut confirmed =
        lines.filter_map(|line| line.strip_prefix("confirmed ")?.parse::<u64>().ok());
    let first = confirmed.nth(2).unwrap();
    thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap();
    confirmed.last().unwrap_or(first)
}

/// Counts the exposures and the conversions of a database.
fn counted(database: &Database) -> (u64, u64) {
    let (mut exposures, mut conversions) = (0, 0);
    let dump = database.store().dump(&mut |batch| {
        exposures += batch.exposures.len() as u64;
        conversions += batch.conversions.len() as u64;
        Ok(())
    });
    dump.unwrap();
    (exposures, conversions)
}
