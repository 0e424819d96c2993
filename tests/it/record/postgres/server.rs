use std::{
    env,
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::schema::skipped;

/// A command that takes `start`, which prints a URI, `stop` or `crash`. Its server is another than
/// that of the other tests, which go on meanwhile.
const VARIABLE: &str = "TRACKS_TEST_POSTGRES_CTL";

/// A server that a test may stop and start.
pub(crate) struct Server {
    command: String,
    pub(crate) uri: String,
    /// There is one server for all tests.
    _alone: MutexGuard<'static, ()>,
}

impl Server {
    /// Returns a running server; `None`, with a printed line, without the command.
    pub(crate) fn start() -> Option<Self> {
        let Ok(command) = env::var(VARIABLE) else {
            skipped(&format!(
                "{VARIABLE} names no command, so no server was stopped"
            ));
            return None;
        };
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let uri = control(&command, "start");
        Some(Self {
            command,
            uri,
            _alone: alone,
        })
    }

    pub(crate) fn stop(&self) {
        control(&self.command, "stop");
    }

    pub(crate) fn start_again(&self) {
        assert_eq!(control(&self.command, "start"), self.uri);
    }

    /// Ends it with all connections at once, as a loss of power does.
    pub(crate) fn crash(&self) {
        control(&self.command, "crash");
    }

    /// Ends it with all connections, in order or at once, and starts it again.
    pub(crate) fn restart(&self, how: &str) {
        control(&self.command, how);
        self.start_again();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be down.
        let _ = Command::new("bash")
            .args(["-c", &format!("{} crash", self.command)])
            .output();
    }
}

fn control(command: &str, what: &str) -> String {
    let command = format!("{command} {what}");
    let output = Command::new("bash")
        .args(["-c", &command])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {errors}");
    String::from_utf8(output.stdout)
        .unwrap()
        .trim_end()
        .to_owned()
}
