use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc, Mutex, RwLock,
        atomic::{
            AtomicBool, AtomicU64,
            Ordering::{Relaxed, SeqCst},
        },
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    Failure,
    ledger::{Fact, Ledger},
    random::Random,
};

const THREADS: u64 = 8;

/// How often each thread makes a connection.
const PACE: Duration = Duration::from_millis(20);

/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Visitors, each request over a connection of its own.
pub(super) struct Traffic {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    /// Where the server is, and which start of it that is. Requests under way have it.
    server: RwLock<Option<(SocketAddr, u64)>>,
    round: AtomicU64,
    visitors: AtomicU64,
    requests: AtomicU64,
    ledger: Mutex<Ledger>,
    wrong: Mutex<Option<Failure>>,
    is_over: AtomicBool,
}

impl Traffic {
    pub(super) fn start(seed: u64) -> Self {
        let shared = Arc::<Shared>::default();
        let threads = (0..THREADS).map(|number| {
            let (shared, random) = (Arc::clone(&shared), Random::new(seed ^ (number + 1) << 32));
            thread::spawn(move || shared.drive(random))
        });
        Self {
            threads: threads.collect(),
            shared,
        }
    }

    /// Sends requests to a server from now on, or to none. Where the server goes on running,
    /// requests under way are answered before this returns.
    pub(super) fn send_to(&self, server: Option<(SocketAddr, u64)>) {
        *self.shared.server.write().unwrap() = server;
    }

    /// Ends a round, and returns it: what is acknowledged from now on is of the next.
    pub(super) fn end_round(&self) -> u64 {
        self.shared.round.fetch_add(1, SeqCst)
    }

    /// Returns how many requests were made.
    pub(super) fn requests(&self) -> u64 {
        self.shared.requests.load(Relaxed)
    }

    /// Returns an answer that was wrong, if one was.
    pub(super) fn wrong(&self) -> Result<(), Failure> {
        let wrong = self.shared.wrong.lock().unwrap().clone();
        wrong.map_or(Ok(()), Err)
    }

    /// Ends, and returns what was acknowledged.
    pub(super) fn end(self) -> Ledger {
        self.shared.is_over.store(true, SeqCst);
        for thread in self.threads {
            thread.join().unwrap();
        }
        std::mem::take(&mut self.shared.ledger.lock().unwrap())
    }
}

impl Shared {
    fn drive(&self, mut random: Random) {
        let mut due = Instant::now();
        while !self.is_over.load(SeqCst) {
            self.visit(&mut random);
            due = (due + PACE).max(Instant::now());
            thread::sleep(due.saturating_duration_since(Instant::now()));
        }
    }

    /// Makes one request, of a new or a returning visitor.
    fn visit(&self, random: &mut Random) {
        let server = self.server.read().unwrap();
        let Some((address, start)) = *server else {
            return;
        };
        let visitor = match random.below(4) {
            0 => random.below(self.visitors.load(Relaxed)),
            _ => self.visitors.fetch_add(1, Relaxed),
        };
        let (path, fact) = match random.below(2) {
            0 => ("/", Fact::Exposure(visitor)),
            _ => ("/order", Fact::Goal(visitor)),
        };
        self.requests.fetch_add(1, Relaxed);
        let answer = match random.below(32) {
            0 => break_off(address),
            1 | 2 => leave(address, path, visitor),
            _ => get(address, path, visitor),
        };
        self.note(fact, start, answer);
    }

    fn note(&self, fact: Fact, start: u64, answer: io::Result<Answer>) {
        match answer {
            Ok(Answer::Whole(text)) => match is_right(fact, &text) {
                // After the answer: so a flush that begins after the round has it.
                true => {
                    let round = self.round.load(SeqCst);
                    self.ledger.lock().unwrap().tell(fact, (start, round));
                }
                false => {
                    let wrong = format!("{fact:?} was answered {text:?}");
                    *self.wrong.lock().unwrap() = Some(wrong);
                }
            },
            Ok(Answer::NoRequest) => {}
            Ok(Answer::Unread) | Err(_) => self.ledger.lock().unwrap().unsure(start),
        }
    }
}

/// What came of a connection.
enum Answer {
    Whole(String),
    /// The visitor left before it came.
    Unread,
    /// There was no whole request.
    NoRequest,
}

fn get(address: SocketAddr, path: &str, visitor: u64) -> io::Result<Answer> {
    let mut stream = request(address, path, visitor)?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    match text.is_empty() {
        // The server was killed.
        true => Ok(Answer::Unread),
        false => Ok(Answer::Whole(text)),
    }
}

fn leave(address: SocketAddr, path: &str, visitor: u64) -> io::Result<Answer> {
    request(address, path, visitor).map(|_| Answer::Unread)
}

fn break_off(address: SocketAddr) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: so")?;
    Ok(Answer::NoRequest)
}

fn request(address: SocketAddr, path: &str, visitor: u64) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: soak\r\nuser-agent: Mozilla/5.0\r\ncookie: id={visitor}\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    Ok(stream)
}

fn is_right(fact: Fact, text: &str) -> bool {
    let is_exposed = || text.contains("\r\ntracks-exposure: delay=");
    text.starts_with("HTTP/1.1 200 ") && (matches!(fact, Fact::Goal(_)) || is_exposed())
}
