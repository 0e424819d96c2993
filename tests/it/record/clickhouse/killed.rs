//! A server that is killed while a recorder writes, and comes back with what it had.

use std::{
    env, fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tower_tracks::store::Store;

use super::{
    database::{Database, skipped},
    facts::{builder, report, written},
};

/// The command that starts a server.
const VARIABLE: &str = "TRACKS_TEST_CLICKHOUSE_START";

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
    let (mut exposures, mut conversions) = (0, 0);
    let dump = database.store().dump(&mut |batch| {
        exposures += batch.exposures.len() as u64;
        conversions += batch.conversions.len() as u64;
        Ok(())
    });
    dump.unwrap();
    assert_eq!((exposures, conversions), (reported, reported));
}
