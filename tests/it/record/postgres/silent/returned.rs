//! Which connections go back to their pool, and how.

use sqlx::Row;
use tower_tracks::store::{Attribute, Postgres, Store, StoreErrorKind, Timestamp};

use super::{
    super::{
        facts::{met, phase, question, unit},
        schema::{Schema, pool_here, wait},
    },
    Broken, bounded,
};

fn use_everything(store: &Postgres) {
    store.claim("units").unwrap();
    store.units().unwrap();
    store.write(&met(0..20_001)).unwrap();
    store.goals().unwrap();
    store.phases().unwrap();
    store.attribute(&question()).unwrap();
    store.conversions_by_day(Timestamp::MAX).unwrap();
    store.overlap(&phase(), None, Timestamp::MAX).unwrap();
    store.sums(&phase()).unwrap();
    store.losses().unwrap();
    store.history(unit(1)).unwrap();
    store.readouts("kind").unwrap();
    store.retain(Timestamp::MIN, &[phase()]).unwrap();
    store.dump(&mut |_| Ok(())).unwrap();
}

#[test]
fn operations_that_end_in_order_use_one_connection_again_and_again() {
    let Some(schema) = Schema::new() else { return };
    let broken = Broken::new(&schema, 1);
    use_everything(&broken.store);
    use_everything(&broken.store);
    assert_eq!(broken.wire.connections(), 1);
}

/// The server cancels a statement before the store gives up, so the connection is kept.
#[test]
fn a_slow_statement_is_cancelled_and_its_connection_kept() {
    let Some(schema) = Schema::new() else { return };
    let broken = Broken::new(&schema, 1);
    broken.store.write(&met(0..1)).unwrap();
    schema.execute(
        "CREATE FUNCTION {schema}.slow() RETURNS trigger LANGUAGE plpgsql \
         AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END'",
    );
    schema.execute(
        "CREATE TRIGGER slow BEFORE INSERT ON {schema}.exposure \
         FOR EACH ROW EXECUTE FUNCTION {schema}.slow()",
    );
    let error = bounded(|| broken.store.write(&met(1..2))).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Busy, "{error}");
    broken.store.phases().unwrap();
    schema.execute("DROP TRIGGER slow ON {schema}.exposure");
    broken.store.write(&met(1..2)).unwrap();
    assert_eq!(broken.wire.connections(), 1);
}

const LIMITS: &str = "SELECT concat_ws(' ', current_setting('lock_timeout'), \
    current_setting('statement_timeout'), \
    current_setting('idle_in_transaction_session_timeout'), current_setting('search_path'))";

/// Checks that the limits of a transaction do not outlive it.
pub(super) fn leaves_no_settings(schema: &Schema, uri: &str) {
    let pool = wait(async { pool_here(uri, 1) });
    let limits = || {
        let row = wait(sqlx::raw_sql(LIMITS).fetch_one(&pool)).unwrap();
        row.get::<String, _>(0)
    };
    let before = limits();
    let builder = Postgres::builder(pool.clone()).schema(schema.name());
    use_everything(&wait(super::hasty(builder).connect()).unwrap());
    (0..5).for_each(|_| assert_eq!(limits(), before));
}

#[test]
fn limits_end_with_their_transaction() {
    let Some(schema) = Schema::new() else { return };
    leaves_no_settings(&schema, schema.uri());
}
