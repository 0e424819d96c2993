use std::{
    env,
    io::{self, Write},
    process,
    sync::{
        Once,
        atomic::{AtomicU32, Ordering},
    },
};

use tower_tracks::store::{ClickHouse, ClickHouseBuilder};

/// The URL of a server in which databases may be made.
const VARIABLE: &str = "TRACKS_TEST_CLICKHOUSE";

/// All tables of a store.
pub(super) const TABLES: [&str; 18] = [
    "meta",
    "writer",
    "phase",
    "track",
    "goal",
    "segment",
    "definition",
    "plan",
    "exposure",
    "conversion",
    "alias",
    "request_sum",
    "latency",
    "loss",
    "readout",
    "aside",
    "erased",
    "raw_unit",
];

/// A database of a test's own, which goes with it.
pub(crate) struct Database {
    url: String,
    name: String,
}

impl Database {
    /// Returns an unused name; `None`, with a printed line, without a server.
    pub(crate) fn new() -> Option<Self> {
        let Ok(url) = env::var(VARIABLE) else {
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                skipped(&format!(
                    "{VARIABLE} names no server; `.ci/clickhouse cargo test --test it record::clickhouse` does"
                ));
            });
            return None;
        };
        Some(Self::at(url))
    }

    /// Returns an unused name at a server.
    pub(crate) fn at(url: String) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        // No name is a part of another one, since a fault is for statements that contain the name.
        let name = format!("tracks_{}_{count:06}", process::id());
        Self { url, name }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn builder(&self) -> ClickHouseBuilder {
        let builder = ClickHouse::builder(&self.url).unwrap();
        builder.database(&self.name)
    }

    /// Returns the store, as another program has it.
    pub(crate) fn store(&self) -> ClickHouse {
        self.builder().connect().unwrap()
    }

    /// Returns the URL of the store, for the command line.
    pub(crate) fn store_url(&self) -> String {
        format!("{}/{}", self.url, self.name)
    }

    /// Runs a statement, in which `{database}` is this one, and returns its answer.
    pub(crate) fn query(&self, statement: &str) -> String {
        let statement = statement.replace("{database}", &self.name);
        let mut answer = post(&format!("{}/", self.url), &statement);
        let text = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status(), 200, "{text}");
        text.trim_end().to_owned()
    }

    pub(crate) fn number(&self, statement: &str) -> u64 {
        self.query(statement).parse().unwrap()
    }

    /// Lets the server fail requests about the database: so many, after some that pass.
    pub(crate) fn fault(&self, kind: &str, skip: u32, times: u32) {
        let Self { url, name } = self;
        let at = format!("{url}/fault?kind={kind}&skip={skip}&times={times}&database={name}");
        assert_eq!(post(&at, "").status(), 200);
    }

    /// Returns whether the server can fail on request, as a real one cannot.
    pub(crate) fn has_faults(&self) -> bool {
        let Self { url, name } = self;
        let at = format!("{url}/fault?kind=slow&times=0&database={name}_none");
        post(&at, "").status() == 200
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} SYNC", self.name);
        // The server of a test may have ended.
        let _ = ureq::post(format!("{}/", self.url)).send(statement);
    }
}

fn post(url: &str, body: &str) -> ureq::http::Response<ureq::Body> {
    let request = ureq::post(url).config().http_status_as_error(false).build();
    request.send(body).unwrap()
}

/// Returns a database of a server that fails on request; `None`, with a printed line, without one.
pub(super) fn faulty() -> Option<Database> {
    let database = Database::new()?;
    if !database.has_faults() {
        skipped("the server does not fail on request");
        return None;
    }
    Some(database)
}

/// Prints, also where output is captured, that something was not tested.
pub(crate) fn skipped(why: &str) {
    let message = format!("\nSKIPPED: the store in ClickHouse: {why}\n");
    let written = writeln!(io::stderr(), "{message}");
    written.unwrap_or_else(|error| panic!("{message} ({error})"));
}
