//! The settings of the store. All are values; nothing connects before `connect` or the first use.

use std::{fmt, sync::Arc, time::Duration};

use crate::store::{
    error::{StoreError, StoreErrorKind},
    sql::default_parallelism,
};

use super::{
    client::{Client, Limits},
    endpoint::Endpoint,
    place::Place,
    state::State,
    store::ClickHouse,
};

/// Builds a [`ClickHouse`]. Its `Debug` form does not show the password.
///
/// ```no_run
/// use std::time::Duration;
///
/// use tower_tracks::store::ClickHouse;
///
/// let store = ClickHouse::builder("http://clickhouse.internal:8123")?
///     .database("shop")
///     .user("tracks")
///     .password(std::env::var("CLICKHOUSE_PASSWORD")?)
///     .scan_timeout(Duration::from_secs(600))
///     .connect()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
#[derive(Clone)]
pub struct ClickHouseBuilder {
    endpoint: Endpoint,
    limits: Limits,
    cluster: Option<String>,
    parallelism: Option<usize>,
}

impl ClickHouseBuilder {
    pub(super) fn new(url: &str) -> Result<Self, StoreError> {
        Ok(Self {
            endpoint: Endpoint::read(url)?,
            limits: Limits {
                connect: Duration::from_secs(5),
                operation: Duration::from_secs(30),
                scan: Duration::from_secs(600),
            },
            cluster: None,
            parallelism: None,
        })
    }

    /// Sets the database of the tables. Defaults to the path of the URL, or to `tracks`.
    ///
    /// A name is 1 to 63 of `a` to `z`, digits and `_`, and its first character is not a digit. The database is
    /// created if it does not exist.
    pub fn database(mut self, database: &str) -> Self {
        self.endpoint.database = Some(database.to_owned());
        self
    }

    /// Sets the name of the user. Defaults to that of the URL, or to the default user of the server.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.endpoint.user = Some(user.into());
        self
    }

    /// Sets the password. Defaults to that of the URL, or to none.
    ///
    /// It is sent as a header, and is in no error or statement. Over `http://`, it is readable on the network. The
    /// HTTP client logs all that it sends at the level `trace`: keep that level of `ureq` and `ureq_proto` out of
    /// your logs, as with the filter `ureq=debug,ureq_proto=debug`.
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.endpoint.password = Some(password.into());
        self
    }

    /// Sets the maximum number of ranges of units that an attribution reads at once. Each range sends one query for
    /// each phase and goal, and an attribution aims at no more than 48 at a time. Defaults to the number of cores, at most
    /// eight.
    pub fn parallelism(mut self, ranges: usize) -> Self {
        self.parallelism = Some(ranges.max(1));
        self
    }

    /// Creates the tables on all nodes of a cluster, replicated and distributed over its shards by the unit.
    ///
    /// `cluster` is a name of the section `remote_servers` of the servers: 1 to 63 of `a` to `z`, digits and `_`, the
    /// first of them no digit. The servers need the macros `shard` and `replica`. Defaults to one server.
    ///
    /// Choose it when the store is created. All programs of a store need the same setting; with another one, they fail.
    /// No release of this crate was tested with a cluster yet.
    pub fn on_cluster(mut self, cluster: &str) -> Self {
        self.cluster = Some(cluster.to_owned());
        self
    }

    /// Sets how long a connection may take. Defaults to five seconds.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.limits.connect = limit;
        self
    }

    /// Sets how long one request may take: an insert, or a query that does not read all facts. Defaults to 30
    /// seconds. A batch is one insert for each table.
    ///
    /// A request that failed for a reason that may pass is sent three times at most; one that timed out, once.
    pub fn operation_timeout(mut self, limit: Duration) -> Self {
        self.limits.operation = limit;
        self
    }

    /// Sets how long a query that may read all facts, or a deletion, may take. Defaults to ten minutes. The server ends
    /// a query after this time, too.
    pub fn scan_timeout(mut self, limit: Duration) -> Self {
        self.limits.scan = limit;
        self
    }

    /// Returns the store without a connection. The first use creates the tables.
    ///
    /// # Errors
    ///
    /// If a setting is invalid.
    pub fn lazy(self) -> Result<ClickHouse, StoreError> {
        let database = self.endpoint.database.as_deref().unwrap_or("tracks");
        let database = checked("database", database)?;
        let cluster = self.cluster.as_deref();
        let cluster = cluster.map(|name| checked("cluster", name)).transpose()?;
        let client = Client::new(&self.endpoint, self.limits, settings(cluster.is_some()))?;
        Ok(ClickHouse::new(Place {
            client,
            database,
            cluster,
            state: Arc::new(State::default()),
            parallelism: self.parallelism.unwrap_or_else(default_parallelism),
        }))
    }

    /// Connects, and creates the tables or migrates them.
    ///
    /// # Errors
    ///
    /// If a setting is invalid, if the server cannot be reached, if the tables have a later version than this crate
    /// knows, or if they are not those of this setting of [`on_cluster`](Self::on_cluster).
    pub fn connect(self) -> Result<ClickHouse, StoreError> {
        self.lazy()?.open()
    }
}

impl fmt::Debug for ClickHouseBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClickHouseBuilder")
            .field("endpoint", &self.endpoint)
            .field("limits", &self.limits)
            .field("cluster", &self.cluster)
            .finish_non_exhaustive()
    }
}

/// Returns the settings that each statement needs.
fn settings(is_clustered: bool) -> Vec<(&'static str, String)> {
    let mut settings = vec![
        // The units of a batch are a part of the statement that looks for their erasures.
        ("max_query_size", (64 * 1024 * 1024).to_string()),
        // A deletion has a thousand units or keys.
        ("max_ast_elements", "1000000".to_owned()),
        ("max_expanded_ast_elements", "1000000".to_owned()),
        // A deletion ends when its rows are gone.
        ("lightweight_deletes_sync", "2".to_owned()),
        ("mutations_sync", "2".to_owned()),
        // The key of a table is the beginning of the key of a group, so that few groups are held in memory.
        ("optimize_aggregation_in_order", "1".to_owned()),
    ];
    // A profile of the user may have other values, which would change an answer.
    let expected = [
        ("aggregate_functions_null_for_empty", "0"),
        ("apply_deleted_mask", "1"),
        ("async_insert", "0"),
        ("data_type_default_nullable", "0"),
        ("distinct_overflow_mode", "throw"),
        ("empty_result_for_aggregation_by_empty_set", "0"),
        ("final", "0"),
        ("group_by_overflow_mode", "throw"),
        ("join_default_strictness", "ALL"),
        ("join_overflow_mode", "throw"),
        ("join_use_nulls", "0"),
        ("limit", "0"),
        ("offset", "0"),
        ("read_overflow_mode", "throw"),
        ("result_overflow_mode", "throw"),
        ("set_overflow_mode", "throw"),
        ("skip_unavailable_shards", "0"),
        ("sort_overflow_mode", "throw"),
        ("timeout_overflow_mode", "throw"),
        ("transform_null_in", "0"),
        ("use_query_cache", "0"),
    ];
    settings.extend(expected.map(|(name, value)| (name, value.to_owned())));
    if is_clustered {
        settings.extend([
            ("distributed_foreground_insert", "1".to_owned()),
            ("distributed_product_mode", "global".to_owned()),
            ("insert_quorum", "auto".to_owned()),
            ("insert_quorum_parallel", "0".to_owned()),
            ("select_sequential_consistency", "1".to_owned()),
        ]);
    }
    settings
}

/// Checks a name, which becomes a part of statements.
fn checked(what: &str, name: &str) -> Result<String, StoreError> {
    let is_allowed = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let is_name = (1..=63).contains(&name.len())
        && name.bytes().all(is_allowed)
        && !name.starts_with(|first: char| first.is_ascii_digit());
    let message = || {
        format!("{what} {name:?}: a name is 1 to 63 of a-z, 0-9 and _, the first of them no digit")
    };
    match is_name {
        true => Ok(name.to_owned()),
        false => Err(StoreError::new(StoreErrorKind::Other, message())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_parts_of_statements() {
        for name in ["", "1a", "Shop", "a-b", "a\"b", "a@b", &"a".repeat(64)] {
            let error = checked("database", name).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("database {name:?}: ")),
                "{error}"
            );
        }
        assert!(checked("cluster", "shop_1").is_ok());
    }

    #[test]
    fn passwords_are_not_printed() {
        let builder = ClickHouseBuilder::new("http://ann:geheim@localhost").unwrap();
        let builder = builder.password("geheim");
        assert!(!format!("{builder:?}{:?}", builder.clone().lazy()).contains("geheim"));
    }
}
