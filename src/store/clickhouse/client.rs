//! Requests to the HTTP interface.

use std::{io::Read, time::Duration};

use ureq::{
    Agent,
    http::{HeaderValue, Response},
};

use crate::store::error::{StoreError, StoreErrorKind};

use super::{
    answer::Body,
    endpoint::Endpoint,
    failure::{exception, torn, unanswered},
    random_id::random_id,
    retry::retried,
    row_binary::LONGEST_EXCEPTION,
};

/// How long a request may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// The connection.
    pub(super) connect: Duration,
    /// An insert, or a query that does not read all facts.
    pub(super) operation: Duration,
    /// A query that may read all facts, or a deletion.
    pub(super) scan: Duration,
}

/// What a query reads, which decides how long it may take.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reads {
    /// Names, or the facts of few units.
    Few,
    /// Possibly all facts.
    All,
}

/// An insert, whose rows are the body of the request.
struct Insert<'s> {
    statement: &'s str,
    /// Replicated tables leave out an insert with the rows of an earlier one, also if those were deleted since.
    /// With a token of its own, an insert is left out only if it is sent again.
    token: String,
}

/// A connection pool of one server.
#[derive(Clone)]
pub(super) struct Client {
    agent: Agent,
    origin: String,
    user: Option<HeaderValue>,
    password: Option<HeaderValue>,
    settings: Vec<(&'static str, String)>,
    limits: Limits,
}

impl Client {
    pub(super) fn new(
        endpoint: &Endpoint,
        limits: Limits,
        settings: Vec<(&'static str, String)>,
    ) -> Result<Self, StoreError> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // The credentials are for this server alone.
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(limits.connect))
            // A server closes idle connections, which shows only at the next use.
            .max_idle_age(Duration::from_secs(2))
            .max_idle_connections_per_host(16)
            .user_agent("tower-tracks");
        let config = tls(config).build();
        Ok(Self {
            agent: config.into(),
            origin: endpoint.origin.clone(),
            user: header(endpoint.user.as_deref())?,
            password: header(endpoint.password.as_deref())?,
            settings,
            limits,
        })
    }

    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// Runs a statement without rows, such as a deletion.
    pub(super) fn execute(&self, statement: &str) -> Result<(), StoreError> {
        self.whole(None, statement.as_bytes(), self.limits.scan)
    }

    /// Runs an insert, with its rows.
    pub(super) fn insert(&self, statement: &str, rows: &[u8]) -> Result<(), StoreError> {
        let insert = Insert {
            statement,
            token: random_id()?,
        };
        self.whole(Some(&insert), rows, self.limits.operation)
    }

    /// Runs a select once, and returns the bytes of its rows as they come.
    pub(super) fn select(&self, statement: &str, reads: Reads) -> Result<Body, StoreError> {
        let limit = match reads {
            Reads::Few => self.limits.operation,
            Reads::All => self.limits.scan,
        };
        let response = self.request(None, statement.as_bytes(), limit)?;
        Ok(Box::new(response.into_body().into_reader()))
    }

    /// Sends a request without an answer, and again if it failed for a reason that may pass soon.
    fn whole(
        &self,
        insert: Option<&Insert<'_>>,
        body: &[u8],
        limit: Duration,
    ) -> Result<(), StoreError> {
        retried(|| {
            let response = self.request(insert, body, limit)?;
            // Read to its end: an exception may come after the head of an answer.
            let mut text = Vec::new();
            let mut reader = response
                .into_body()
                .into_reader()
                .take(LONGEST_EXCEPTION as u64);
            reader.read_to_end(&mut text).map_err(torn)?;
            let text = String::from_utf8_lossy(&text);
            match text.starts_with("Code: ") || text.contains("DB::Exception") {
                true => Err(exception(200, None, &text)),
                false => Ok(()),
            }
        })
    }

    fn request(
        &self,
        insert: Option<&Insert<'_>>,
        body: &[u8],
        limit: Duration,
    ) -> Result<Response<ureq::Body>, StoreError> {
        let mut request = self.agent.post(format!("{}/", self.origin));
        for (name, value) in &self.settings {
            request = request.query(name, value);
        }
        // Otherwise a query would go on without its reader.
        request = request.query("max_execution_time", limit.as_secs().max(1).to_string());
        if let Some(insert) = insert {
            request = request.query("query", insert.statement);
            request = request.query("insert_deduplication_token", &insert.token);
        }
        if let Some(user) = &self.user {
            request = request.header("X-ClickHouse-User", user);
        }
        if let Some(password) = &self.password {
            request = request.header("X-ClickHouse-Key", password);
        }
        let request = request.config().timeout_global(Some(limit)).build();
        let response = request.send(body).map_err(unanswered)?;
        match response.status().as_u16() {
            200 => Ok(response),
            status => Err(refused(status, response)),
        }
    }
}

/// Returns the error of an answer with another status than 200.
fn refused(status: u16, response: Response<ureq::Body>) -> StoreError {
    let code = response.headers().get("X-ClickHouse-Exception-Code");
    let code = code.and_then(|code| code.to_str().ok()?.parse().ok());
    let mut text = Vec::new();
    let mut reader = response
        .into_body()
        .into_reader()
        .take(LONGEST_EXCEPTION as u64);
    // Without its text, the code is enough.
    let _ = reader.read_to_end(&mut text);
    exception(status, code, &String::from_utf8_lossy(&text))
}

/// Returns a text as a header that is not printed.
fn header(text: Option<&str>) -> Result<Option<HeaderValue>, StoreError> {
    let header = text.map(|text| {
        let mut header = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| {
            let message =
                "the user or the password of ClickHouse has a character that no header can have";
            StoreError::new(StoreErrorKind::Other, message)
        })?;
        header.set_sensitive(true);
        Ok(header)
    });
    header.transpose()
}

/// The settings of a connection pool.
type Config = ureq::config::ConfigBuilder<ureq::typestate::AgentScope>;

#[cfg(feature = "clickhouse-tls")]
fn tls(config: Config) -> Config {
    use ureq::tls::{RootCerts, TlsConfig};

    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier);
    config.tls_config(tls.build())
}

#[cfg(not(feature = "clickhouse-tls"))]
fn tls(config: Config) -> Config {
    config
}
