//! A database that refuses a recorder for a while, for reasons of its own.

use std::{
    thread,
    time::{Duration, Instant},
};

use sqlx::{
    PgPool, QueryBuilder,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tower_tracks::store::Postgres;

use super::{
    emptied::{builder, delay, expose, written},
    schema::{Schema, wait},
};
use crate::log::Log;

/// How long an outage takes.
const OUTAGE: Duration = Duration::from_secs(10);

/// What ends and begins access. `{case}` is a database, and a role in it.
struct Outage {
    name: &'static str,
    begin: &'static str,
    end: &'static str,
    /// Whether the statements are for the database of the case.
    is_inside: bool,
    /// What the log says of the cause.
    cause: &'static str,
}

const OUTAGES: [Outage; 5] = [
    Outage {
        name: "password",
        begin: "ALTER ROLE {case} PASSWORD 'second'",
        end: "ALTER ROLE {case} PASSWORD 'first'",
        is_inside: false,
        cause: "password authentication failed for user \"{case}\"",
    },
    Outage {
        name: "closed",
        begin: "ALTER DATABASE {case} ALLOW_CONNECTIONS false",
        end: "ALTER DATABASE {case} ALLOW_CONNECTIONS true",
        is_inside: false,
        cause: "database \"{case}\" is not currently accepting connections",
    },
    Outage {
        name: "nologin",
        begin: "ALTER ROLE {case} NOLOGIN",
        end: "ALTER ROLE {case} LOGIN",
        is_inside: false,
        cause: "role \"{case}\" is not permitted to log in",
    },
    Outage {
        name: "renamed",
        begin: "ALTER SCHEMA {case} RENAME TO elsewhere",
        end: "ALTER SCHEMA elsewhere RENAME TO {case}",
        is_inside: true,
        cause: "are not in the schema \"{case}\"",
    },
    Outage {
        name: "revoked",
        begin: "REVOKE USAGE ON SCHEMA {case} FROM {case}",
        end: "GRANT USAGE ON SCHEMA {case} TO {case}",
        is_inside: true,
        cause: "permission denied for schema {case}",
    },
];

/// A database, a schema and a role of a case, all of one name.
struct Case<'a> {
    schema: &'a Schema,
    name: String,
    inside: PgPool,
}

impl<'a> Case<'a> {
    fn new(schema: &'a Schema, outage: &Outage) -> Self {
        let name = format!("{}_{}", schema.name(), outage.name);
        schema.execute(&format!("CREATE DATABASE {name}"));
        let role = format!("CREATE ROLE {name} LOGIN PASSWORD 'first' IN ROLE with_password");
        schema.execute(&role);
        let options: PgConnectOptions = schema.uri().parse().unwrap();
        let inside = pool(options.database(&name));
        let case = Self {
            schema,
            name,
            inside,
        };
        let builder = Postgres::builder(case.inside.clone()).schema(&case.name);
        wait(builder.connect()).unwrap();
        case.inside("GRANT USAGE ON SCHEMA {case} TO {case}");
        case.inside("GRANT ALL ON ALL TABLES IN SCHEMA {case} TO {case}");
        case
    }

    fn inside(&self, statement: &str) {
        let mut query = QueryBuilder::new(statement.replace("{case}", &self.name));
        wait(query.build().execute(&self.inside)).unwrap();
    }

    fn outside(&self, statement: &str) {
        self.schema
            .execute(&statement.replace("{case}", &self.name));
    }

    /// Runs a statement, and ends the connections of the role.
    fn change(&self, statement: &str, is_inside: bool) {
        match is_inside {
            true => self.inside(statement),
            false => self.outside(statement),
        }
        self.outside(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{case}'",
        );
    }

    /// Returns the store as the role has it.
    fn store(&self) -> Postgres {
        let options: PgConnectOptions = self.schema.uri().parse().unwrap();
        let options = options.database(&self.name).username(&self.name);
        let pool = pool(options.password("first"));
        let builder = Postgres::builder(pool).schema(&self.name);
        wait(builder.connect()).unwrap()
    }

    fn exposures(&self) -> i64 {
        let select = format!("SELECT count(*) FROM {}.exposure", self.name);
        let mut query = QueryBuilder::new(select);
        wait(query.build_query_scalar().fetch_one(&self.inside)).unwrap()
    }
}

impl Drop for Case<'_> {
    fn drop(&mut self) {
        self.outside("DROP DATABASE IF EXISTS {case} WITH (FORCE)");
        self.outside("DROP ROLE IF EXISTS {case}");
    }
}

fn pool(options: PgConnectOptions) -> PgPool {
    let pool = PgPoolOptions::new().max_connections(2);
    let pool = pool.acquire_timeout(Duration::from_secs(2));
    wait(async { pool.connect_lazy_with(options) })
}

/// Reports exposures to a recorder during an outage, and returns when all are written.
fn survive(schema: &Schema, outage: &Outage) {
    let case = Case::new(schema, outage);
    let (sets, mut told) = (delay(), 0_u64);
    let recorder = builder().store(case.store()).start().unwrap();
    let mut tell = || {
        expose(&recorder, &sets, told);
        told += 1;
    };
    (0..100).for_each(|_| tell());
    written(&recorder);
    case.change(outage.begin, outage.is_inside);
    tell();
    recorder.flush().wait().expect_err(outage.name);
    let begun = Instant::now();
    while begun.elapsed() < OUTAGE {
        tell();
        thread::sleep(Duration::from_millis(10));
    }
    case.change(outage.end, outage.is_inside);
    (0..100).for_each(|_| tell());
    let tally = written(&recorder);
    let lost = (tally.dropped, tally.aside);
    assert_eq!((tally.written, lost), (told, (0, 0)), "{}", outage.name);
    assert_eq!(case.exposures() as u64, told, "{}", outage.name);
    let cause = outage.cause.replace("{case}", &case.name);
    let lines = Log::start().everywhere(&cause);
    assert!((1..=2).contains(&lines.len()), "{}: {lines:?}", outage.name);
}

#[test]
fn outages_of_the_database_lose_no_event() {
    let Some(schema) = Schema::new() else { return };
    Log::start();
    schema.execute(
        "DO $$ BEGIN CREATE ROLE with_password; \
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
    );
    thread::scope(|scope| {
        for outage in &OUTAGES {
            let schema = &schema;
            scope.spawn(move || survive(schema, outage));
        }
    });
}
