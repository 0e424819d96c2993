use std::{
    net::SocketAddr,
    sync::{Arc, Condvar, Mutex, MutexGuard, Weak},
    time::Duration,
};

use super::{
    chance::Chance,
    fault::{Fault, Way},
    line::Line,
};

/// What all connections of a proxy share.
pub(super) struct Shared {
    pub(super) server: SocketAddr,
    rules: Mutex<Rules>,
    lines: Mutex<Vec<Weak<Line>>>,
    faults: Mutex<usize>,
    struck: Condvar,
}

/// When faults strike.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) text: Option<(&'static str, Fault)>,
    pub(super) new: Option<Fault>,
    pub(super) chance: Option<Chance>,
}

impl Shared {
    pub(super) fn new(server: SocketAddr) -> Self {
        Self {
            server,
            rules: Mutex::default(),
            lines: Mutex::default(),
            faults: Mutex::default(),
            struck: Condvar::new(),
        }
    }

    pub(super) fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap()
    }

    /// Returns a new connection, which a fault may strike at once.
    pub(super) fn open(&self) -> Arc<Line> {
        let line = Arc::new(Line::default());
        self.lines.lock().unwrap().push(Arc::downgrade(&line));
        if let Some(fault) = self.rules().new {
            self.strike(&line, fault);
        }
        line
    }

    /// Has those faults strike a connection that its next packet brings about, after what was sent
    /// before it.
    pub(super) fn packet(&self, line: &Line, way: Way, (sent, before): (&[u8], usize)) {
        let mut rules = self.rules();
        let is_struck_at = |text: &str| {
            let text = text.as_bytes();
            let mut windows = sent[before.saturating_sub(text.len() - 1)..].windows(text.len());
            way == Way::ToServer && windows.any(|window| window == text)
        };
        let by_text = rules.text.take_if(|(text, _)| is_struck_at(text));
        let by_chance = rules.chance.as_mut().and_then(Chance::next);
        drop(rules);
        for fault in by_text.map(|(_, fault)| fault).into_iter().chain(by_chance) {
            self.strike(line, fault);
        }
    }

    pub(super) fn strike_all(&self, fault: Fault) {
        let lines: Vec<_> = self.lines.lock().unwrap().clone();
        for line in lines.iter().filter_map(Weak::upgrade) {
            self.strike(&line, fault);
        }
    }

    fn strike(&self, line: &Line, fault: Fault) {
        line.suffer(fault);
        *self.faults.lock().unwrap() += 1;
        self.struck.notify_all();
    }

    pub(super) fn connections(&self) -> usize {
        self.lines.lock().unwrap().len()
    }

    pub(super) fn faults(&self) -> usize {
        *self.faults.lock().unwrap()
    }

    /// Waits until so many faults struck, or the time is over, and returns how many did.
    pub(super) fn wait_for_faults(&self, count: usize, patience: Duration) -> usize {
        let faults = self.faults.lock().unwrap();
        let is_less = |faults: &mut usize| *faults < count;
        let waited = self.struck.wait_timeout_while(faults, patience, is_less);
        *waited.unwrap().0
    }
}
