//! Stores in ClickHouse.

use std::env;

use crate::store::{ClickHouse, StoreError};

use super::{failure::Failure, place::called};

/// The variables of the user and the password, which the client of ClickHouse reads, too.
const USER: &str = "CLICKHOUSE_USER";
const PASSWORD: &str = "CLICKHOUSE_PASSWORD";

/// Opens the store of a database. It must exist, unless `or_new`.
pub(super) fn open(url: &str, cluster: Option<&str>, or_new: bool) -> Result<ClickHouse, Failure> {
    let failed = |error: StoreError| Failure::of(called(url), &error);
    let store = lazy(url, cluster).map_err(failed)?;
    match or_new || store.is_there().map_err(failed)? {
        true => Ok(store),
        false => Err(Failure::new(
            "there is no store in this database of ClickHouse",
        )),
    }
}

/// Returns the store without a connection, with the credentials of the environment.
fn lazy(url: &str, cluster: Option<&str>) -> Result<ClickHouse, StoreError> {
    let mut builder = ClickHouse::builder(url)?;
    if let Some(user) = variable(USER) {
        builder = builder.user(user);
    }
    if let Some(password) = variable(PASSWORD) {
        builder = builder.password(password);
    }
    if let Some(cluster) = cluster {
        builder = builder.on_cluster(cluster);
    }
    builder.lazy()
}

/// Returns the value of a variable, if it is set and not empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
