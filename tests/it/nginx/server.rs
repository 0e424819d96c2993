//! An nginx of its own, in a directory of its own.

use std::{
    env, fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio, id},
    sync::atomic::{AtomicUsize, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

use super::{log_format, nginx};

/// How long nginx may take to start, and to write a log.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Nginx {
    process: Child,
    directory: Directory,
    pub(super) address: SocketAddr,
}

/// Goes with all that is in it.
struct Directory(PathBuf);

impl Nginx {
    /// Starts one with a cache in front of a server; none where there is no nginx.
    pub(super) fn start(cache: &str, server: SocketAddr) -> Option<Self> {
        Self::run(&format!("{}\n{cache}", log_format()), server)
    }

    /// Starts one with a guide's configuration in front of a server; none where there is no nginx.
    pub(super) fn run(guide: &str, server: SocketAddr) -> Option<Self> {
        let program = nginx()?;
        // A port that is free now may be taken in a moment, so another is tried then.
        let mut started = (0..5).filter_map(|_| Self::try_start(&program, guide, server));
        Some(started.next().expect("nginx does not start"))
    }

    fn try_start(program: &Path, guide: &str, server: SocketAddr) -> Option<Self> {
        let directory = Directory::new();
        let address = free_address();
        let config = config(&directory.0, guide, server, address);
        let file = directory.0.join("nginx.conf");
        fs::write(&file, config).unwrap();
        let mut nginx = Command::new(program);
        nginx.arg("-p").arg(&directory.0).arg("-c").arg(&file);
        let process = nginx.stderr(Stdio::null()).spawn().unwrap();
        let mut nginx = Self {
            process,
            directory,
            address,
        };
        nginx.listens().then_some(nginx)
    }

    fn listens(&mut self) -> bool {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if let Some(status) = self.process.try_wait().unwrap() {
                let log = fs::read_to_string(self.directory.0.join("error.log"));
                eprintln!("nginx: {status}: {log:?}");
                return false;
            }
            if TcpStream::connect(self.address).is_ok() {
                return true;
            }
            sleep(Duration::from_millis(20));
        }
        false
    }

    /// Returns a log of a number of requests. A line is written after its response.
    pub(super) fn log(&self, name: &str, requests: usize) -> Vec<String> {
        let begin = Instant::now();
        loop {
            let log = fs::read_to_string(self.directory.0.join(name)).unwrap();
            let is_whole = log.lines().count() >= requests && log.ends_with('\n');
            if is_whole || begin.elapsed() > PATIENCE {
                return log.lines().map(str::to_owned).collect();
            }
            sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers exit on SIGQUIT, but not when the master is killed.
        let stopped = Command::new("kill")
            .arg(self.process.id().to_string())
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

impl Directory {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("tower-tracks-nginx-{}-{count}", id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// Puts the guides' configuration into one that needs no rights.
fn config(directory: &Path, guide: &str, server: SocketAddr, address: SocketAddr) -> String {
    let directory = directory.to_str().unwrap();
    let needed = [
        ("/var/log/nginx", directory.to_owned()),
        ("listen 80;", format!("listen {address};")),
        ("http://127.0.0.1:3000", format!("http://{server}")),
    ];
    let cached = guide.replace("/var/cache/nginx", directory);
    let guide = needed.iter().fold(cached, |guide, (from, to)| {
        assert!(guide.contains(from), "{from:?} is not in {guide}");
        guide.replace(from, to)
    });
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {directory}/temporary_{name};\n"))
        .concat();
    format!(
        "daemon off;\npid {directory}/pid;\nerror_log {directory}/error.log;\nevents {{}}\n\
         http {{\n{temporary}{guide}\n}}\n"
    )
}
