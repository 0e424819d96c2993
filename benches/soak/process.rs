use std::{
    fs::{self, OpenOptions},
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use super::{
    Failure,
    server::{Answer, Settings},
};

/// How long the server may take for an answer: longer than any limit of a store.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server under test: a process, and the pipes to it.
pub(super) struct Server {
    child: Child,
    commands: ChildStdin,
    answers: Receiver<String>,
    pub(super) address: SocketAddr,
}

impl Server {
    pub(super) fn start(settings: &Settings) -> Result<Self, Failure> {
        let log = settings.directory.join("server.log");
        let mut child = spawn(settings, &log).map_err(|error| format!("no server: {error}"))?;
        let (Some(commands), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the server has no pipes".to_owned());
        };
        let answers = lines(stdout);
        let address = answers.recv_timeout(PATIENCE).ok();
        match address.as_deref().map(str::parse) {
            Some(Ok(address)) => Ok(Self {
                child,
                commands,
                answers,
                address,
            }),
            _ => Err(format!("the server did not start; see {}", log.display())),
        }
    }

    /// Has the server do something.
    pub(super) fn tell(&mut self, command: &str) -> Result<(), Failure> {
        self.ask(command).map(drop)
    }

    /// Has the recorders write everything, and returns what became of it.
    pub(super) fn flush(&mut self) -> Result<Answer, Failure> {
        Answer::read(&self.ask("flush")?)
    }

    /// Has the recorders end, and returns what became of everything.
    pub(super) fn shutdown(&mut self) -> Result<Answer, Failure> {
        let answer = Answer::read(&self.ask("shutdown")?);
        let exited = self.child.wait();
        exited.map_err(|error| format!("the server did not end: {error}"))?;
        answer
    }

    /// Ends the process as `kill -9` does.
    pub(super) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Returns the bytes of the process that are in memory, where the system tells.
    pub(super) fn resident(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kilobytes * 1024)
    }

    fn ask(&mut self, command: &str) -> Result<String, Failure> {
        let sent = writeln!(self.commands, "{command}").and_then(|()| self.commands.flush());
        sent.map_err(|error| format!("the server is gone, at {command:?}: {error}"))?;
        let answer = self.answers.recv_timeout(PATIENCE);
        answer.map_err(|_| format!("the server did not answer {command:?} in {PATIENCE:?}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(settings: &Settings, log: &Path) -> std::io::Result<Child> {
    let log = OpenOptions::new().create(true).append(true).open(log)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--serve", &settings.write()]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command.stderr(log).spawn()
}

fn lines(stdout: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let lines = BufReader::new(stdout).lines().map_while(Result::ok);
        lines.for_each(|line| drop(sender.send(line)));
    });
    receiver
}
