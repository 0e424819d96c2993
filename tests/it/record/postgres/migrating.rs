use std::{sync::Barrier, thread};

use tower_tracks::store::{Postgres, Store, StoreErrorKind};

use super::{
    facts::met,
    schema::{Schema, wait},
};

#[test]
fn nodes_that_start_at_the_same_moment() {
    for _ in 0..5 {
        let Some(schema) = Schema::new() else { return };
        let barrier = Barrier::new(4);
        let node = || {
            let pool = schema.pool();
            barrier.wait();
            let store = schema.connect(pool).unwrap();
            store.write(&met(0..10)).unwrap().total().new
        };
        let new = thread::scope(|scope| {
            let nodes = [(); 4].map(|()| scope.spawn(node));
            nodes.map(|node| node.join().unwrap())
        });
        assert_eq!(new.iter().sum::<u64>(), 20);
    }
}

#[test]
fn a_later_version_is_left_alone() {
    let Some(schema) = Schema::new() else { return };
    let store = schema.store();
    schema.execute("UPDATE {schema}.meta SET value = '1000' WHERE key = 'schema'");
    let error = schema.connect(schema.pool()).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NewerSchema);
    assert!(error.to_string().contains("1000"), "{error}");
    drop(store);
}

#[test]
fn names_of_schemas_are_checked() {
    let Some(schema) = Schema::new() else { return };
    let builder = Postgres::builder(schema.pool()).schema("a\"; DROP");
    let error = wait(builder.connect()).unwrap_err();
    assert!(
        error.to_string().starts_with(r#"schema "a\"; DROP""#),
        "{error}"
    );
}

/// A role without the right to make schemas, where there is one for it.
#[test]
fn an_existing_schema_needs_no_create_rights() {
    let Some(schema) = Schema::new() else { return };
    let store = schema.store();
    store.write(&met(0..1)).unwrap();
    let role = format!("{}_role", schema.name());
    let grants = [
        format!("CREATE ROLE {role} LOGIN"),
        format!("GRANT USAGE ON SCHEMA {} TO {role}", schema.name()),
        format!(
            "GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {role}",
            schema.name()
        ),
    ];
    for grant in grants {
        schema.execute(&grant);
    }
    let uri = schema.uri().replace("//tracks@", &format!("//{role}@"));
    let reader = schema.connect(schema.pool_of(&uri)).unwrap();
    assert_eq!(reader.phases().unwrap().len(), 1);
    let error = reader.write(&met(1..2)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::ReadOnly);
    schema.execute(&format!("DROP OWNED BY {role}"));
    schema.execute(&format!("DROP ROLE {role}"));
}

/// Without the right to use the schema its tables are not seen, and none are made elsewhere.
#[test]
fn a_schema_that_may_not_be_used_is_an_error() {
    let Some(schema) = Schema::new() else { return };
    schema.store().write(&met(0..1)).unwrap();
    let role = format!("{}_role", schema.name());
    schema.execute(&format!("CREATE ROLE {role} LOGIN"));
    let uri = schema.uri().replace("//tracks@", &format!("//{role}@"));
    let error = schema.connect(schema.pool_of(&uri)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::ReadOnly);
    assert!(error.to_string().contains("lacks a right"), "{error}");
    schema.execute(&format!("DROP ROLE {role}"));
}
