//! Requests to the HTTP interface.

use std::{io::Read, time::Duration};

use ureq::{
    Agent,
    http::{HeaderValue, Response},
};

use crate::store::error::{StoreError, StoreErrorKind};

use super::{
    endpoint::Endpoint,
    failure::{exception, torn, unanswered},
    retry::retried,
    rows::Body,
};

/// The most that is read of the text of an exception.
const LONGEST_TEXT: u64 = 16 * 1024;

/// How long an operation may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// A connection.
    pub(super) connect: Duration,
    /// A write, or a read of few rows.
    pub(super) operation: Duration,
    /// A read of many rows.
    pub(super) scan: Duration,
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
        self.whole(Some(statement), rows, self.limits.operation)
    }

    /// Runs a select once, and returns the bytes of its rows as they come.
    pub(super) fn select(&self, statement: &str, is_long: bool) -> Result<Body, StoreError> {
        let limit = match is_long {
            true => self.limits.scan,
            false => self.limits.operation,
        };
        let response = self.request(None, statement.as_bytes(), limit)?;
        Ok(Box::new(response.into_body().into_reader()))
    }

    /// Sends a request without an answer, and again if it failed for a reason that may pass soon.
    fn whole(&self, query: Option<&str>, body: &[u8], limit: Duration) -> Result<(), StoreError> {
        retried(|| {
            let response = self.request(query, body, limit)?;
            // Read to its end: an exception may come after the head of an answer.
            let mut text = Vec::new();
            let mut reader = response.into_body().into_reader().take(LONGEST_TEXT);
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
        query: Option<&str>,
        body: &[u8],
        limit: Duration,
    ) -> Result<Response<ureq::Body>, StoreError> {
        let mut request = self.agent.post(format!("{}/", self.origin));
        for (name, value) in &self.settings {
            request = request.query(name, value);
        }
        if let Some(query) = query {
            request = request.query("query", query);
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
    let mut reader = response.into_body().into_reader().take(LONGEST_TEXT);
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
