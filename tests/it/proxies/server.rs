//! A server of its own, in a directory of its own.

use std::{
    env,
    fs::{self, File},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use super::config::{self, Place};
use crate::{nginx::report, sinks::Folder};

/// How long a server may take to start, and to write a log.
const PATIENCE: Duration = Duration::from_secs(30);

/// The time zone of servers, two hours before UTC, as POSIX has it.
const ZONE: &str = "TEST-2";

/// Its offset.
pub(super) const MINUTES: i16 = 120;

/// A kind of server.
pub(super) struct Program {
    pub(super) name: &'static str,
    /// The variable that names its path.
    variable: &'static str,
    config: fn(&str, &Place<'_>) -> String,
    /// The arguments before the file of the configuration.
    arguments: &'static [&'static str],
    /// Those after it.
    then: &'static [&'static str],
}

pub(super) struct Server {
    process: Child,
    folder: Folder,
    pub(super) address: SocketAddr,
}

impl Program {
    pub(super) const NGINX: Self = Self {
        name: "nginx",
        variable: "TRACKS_TEST_NGINX",
        config: config::nginx,
        arguments: &["-c"],
        then: &[],
    };

    pub(super) const HAPROXY: Self = Self {
        name: "HAProxy",
        variable: "TRACKS_TEST_HAPROXY",
        config: config::haproxy,
        arguments: &["-db", "-f"],
        then: &[],
    };

    pub(super) const APACHE: Self = Self {
        name: "Apache",
        variable: "TRACKS_TEST_APACHE",
        config: config::apache,
        arguments: &["-DFOREGROUND", "-f"],
        then: &[],
    };

    pub(super) const CADDY: Self = Self {
        name: "Caddy",
        variable: "TRACKS_TEST_CADDY",
        config: config::caddy,
        arguments: &["run", "--config"],
        then: &["--adapter", "caddyfile"],
    };

    /// Returns the path of the program; `None`, with a printed line, if none is configured.
    fn path(&self) -> Option<PathBuf> {
        let Self { name, variable, .. } = self;
        let path = env::var_os(variable).map(PathBuf::from);
        if path.is_none() {
            report(&format!(
                "SKIPPED: {variable} names no {name}, so its log was not tried; `.ci/access-logs` does"
            ));
        }
        path
    }

    fn command(&self, path: &Path, directory: &Path, config: &Path) -> Command {
        let mut command = Command::new(path);
        command.args(self.arguments).arg(config).args(self.then);
        for variable in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
            command.env(variable, directory);
        }
        command.env("TZ", ZONE).current_dir(directory);
        let [out, err] = ["stdout", "stderr"].map(|name| File::create(directory.join(name)));
        command
            .stdin(Stdio::null())
            .stdout(out.unwrap())
            .stderr(err.unwrap());
        command
    }
}

impl Server {
    /// Starts a server with a guide's configuration before an application; none where there is no
    /// such server.
    pub(super) fn start(program: &Program, guide: &str, shop: SocketAddr) -> Option<Self> {
        let path = program.path()?;
        // A port that is free now may be taken in a moment, so another is tried then.
        let mut started = (0..5).filter_map(|_| Self::try_start(program, &path, guide, shop));
        Some(started.next().expect("the server does not start"))
    }

    fn try_start(program: &Program, path: &Path, guide: &str, shop: SocketAddr) -> Option<Self> {
        let folder = Folder::new();
        let directory = folder.join("");
        let [address, inner] = free_addresses();
        let place = Place {
            directory: &directory,
            shop,
            address,
            inner,
        };
        let file = folder.join("config");
        fs::write(&file, (program.config)(guide, &place)).unwrap();
        let process = program.command(path, &directory, &file).spawn().unwrap();
        let mut server = Self {
            process,
            folder,
            address,
        };
        server.listens().then_some(server)
    }

    fn listens(&mut self) -> bool {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if let Some(status) = self.process.try_wait().unwrap() {
                let said = fs::read_to_string(self.folder.join("stderr"));
                eprintln!("{status}: {said:?}");
                return false;
            }
            if TcpStream::connect(self.address).is_ok() {
                return true;
            }
            sleep(Duration::from_millis(20));
        }
        false
    }

    /// Stops the server when each log has as many lines, since a line is
    /// written after its response; returns the logs.
    pub(super) fn stop(mut self, logs: &[&str], lines: usize) -> Vec<String> {
        let read = |name: &&str| fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        let is_whole = |name: &&str| read(name).lines().count() >= lines;
        let begin = Instant::now();
        while !logs.iter().all(is_whole) && begin.elapsed() < PATIENCE {
            sleep(Duration::from_millis(20));
        }
        terminate(&mut self.process);
        logs.iter().map(read).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        terminate(&mut self.process);
    }
}

/// Asks a server to end, since its workers leave with it then.
fn terminate(process: &mut Child) {
    if matches!(process.try_wait(), Ok(Some(_))) {
        return;
    }
    let stopped = Command::new("kill").arg(process.id().to_string()).status();
    if !stopped.is_ok_and(|status| status.success()) {
        let _ = process.kill();
    }
    let _ = process.wait();
}

fn free_addresses() -> [SocketAddr; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap())
}
