//! Servers of a test's own, which it may kill.

use std::{
    env, fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::database::skipped;

/// The command that starts a server.
const START: &str = "TRACKS_TEST_CLICKHOUSE_START";

/// The folder of a certificate for `localhost`, and of the authority that signed it.
const CERTIFICATE: &str = "TRACKS_TEST_CLICKHOUSE_CERTIFICATE";

/// A server, which ends with its test.
pub(crate) struct Server {
    command: Vec<String>,
    folder: PathBuf,
    certificate: Option<PathBuf>,
    child: Child,
}

impl Server {
    /// Starts a server; `None`, with a printed line, without the command.
    pub(super) fn new(name: &str) -> Option<Self> {
        Self::start(name, None)
    }

    /// Starts a server of HTTPS; `None`, with a printed line, without the command or the certificate.
    pub(crate) fn of_https(name: &str) -> Option<Self> {
        let certificate = variable(CERTIFICATE)?;
        Self::start(name, Some(certificate.into()))
    }

    fn start(name: &str, certificate: Option<PathBuf>) -> Option<Self> {
        let command = variable(START)?;
        let command: Vec<String> = command.split(' ').map(str::to_owned).collect();
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let folder = folder.join(format!("clickhouse-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let child = spawn(&command, &folder, certificate.as_deref());
        let server = Self {
            command,
            folder,
            certificate,
            child,
        };
        server.wait();
        Some(server)
    }

    pub(crate) fn url(&self) -> String {
        let port = self.port().unwrap();
        match self.certificate {
            None => format!("http://127.0.0.1:{port}"),
            Some(_) => format!("https://localhost:{port}"),
        }
    }

    /// The file of the authority that signed the certificate.
    pub(crate) fn authority(&self) -> PathBuf {
        self.certificate.as_ref().unwrap().join("authority.pem")
    }

    fn port(&self) -> Option<u16> {
        let port = fs::read_to_string(self.folder.join("port")).ok()?;
        port.parse().ok()
    }

    fn wait(&self) {
        let begin = Instant::now();
        let is_up = |port| TcpStream::connect(("127.0.0.1", port)).is_ok();
        while !self.port().is_some_and(is_up) {
            assert!(
                begin.elapsed() < Duration::from_secs(60),
                "the server does not start"
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Kills it, and starts it again after a while.
    pub(super) fn restart(&mut self, after: Duration) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        thread::sleep(after);
        self.child = spawn(&self.command, &self.folder, self.certificate.as_deref());
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

fn variable(name: &str) -> Option<String> {
    let value = env::var(name).ok();
    if value.is_none() {
        skipped(&format!(
            "{name} is not set, so no server was started; `.ci/clickhouse` sets it"
        ));
    }
    value
}

fn spawn(command: &[String], folder: &Path, certificate: Option<&Path>) -> Child {
    let mut server = Command::new(&command[0]);
    server.args(&command[1..]);
    server.args([folder.join("data"), folder.join("port")]);
    server.args(certificate);
    server
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
