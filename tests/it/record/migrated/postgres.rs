use tower_tracks::store::Store;

use super::{super::postgres::schema::Schema, expected::is_as_before};

const DUMP: &str = include_str!("../../../fixtures/v1/facts.postgres.sql");

/// What columns, indices and constraints there are, in lines.
const SCHEMA: &str = "SELECT format('%s.%s %s %s %s %s %s', table_name, column_name,
        ordinal_position, data_type, is_nullable, is_identity, collation_name)
    FROM information_schema.columns WHERE table_schema = '{schema}'
    UNION ALL
    SELECT replace(indexdef, '{schema}', 'schema') FROM pg_indexes WHERE schemaname = '{schema}'
    UNION ALL
    SELECT format('%s %s %s', conrelid::regclass::text, conname,
        replace(pg_get_constraintdef(oid), '{schema}', 'schema'))
    FROM pg_constraint WHERE connamespace = '{schema}'::regnamespace";

fn schema(schema: &Schema) -> Vec<String> {
    let lines = schema.texts(SCHEMA).into_iter();
    let mut lines: Vec<String> = lines
        .map(|line| line.replace(schema.name(), "schema"))
        .collect();
    lines.sort();
    lines
}

/// Returns a schema of version 1; none without a database.
fn version_1() -> Option<Schema> {
    let schema = Schema::new()?;
    for statement in DUMP.split(";\n").filter(|statement| !statement.is_empty()) {
        schema.execute(&statement.replace("v1_fixture", schema.name()));
    }
    Some(schema)
}

#[test]
fn a_schema_of_version_1_answers_as_before() {
    let Some(schema) = version_1() else { return };
    is_as_before(&schema.store());
    is_as_before(&schema.node());
}

#[test]
fn a_migrated_schema_has_the_tables_of_a_new_one() {
    let (Some(migrated), Some(new)) = (version_1(), Schema::new()) else {
        return;
    };
    drop((migrated.store(), new.store()));
    let lines = schema(&migrated);
    assert_eq!(lines, schema(&new));
    assert!(lines.len() > 80, "{lines:?}");
}

/// A migration that fails leaves version 1, which opens when the reason is gone.
#[test]
fn a_migration_is_whole_or_nothing() {
    let Some(schema) = version_1() else { return };
    schema.execute("CREATE TABLE {schema}.plan (anything TEXT)");
    schema.connect(schema.pool()).unwrap_err();
    schema.execute("DROP TABLE {schema}.plan");
    let store = schema.store();
    is_as_before(&store);
    assert_eq!(store.phases().unwrap().len(), 4);
}
