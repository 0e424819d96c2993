//! The statements that create the tables, of one server or of a cluster.
//!
//! On a cluster, a table has its rows in the table with `_local` after its name on each shard, and is itself
//! distributed over them by the unit, so that all facts of a unit are on one shard.

/// The steps from one version of the tables to the next.
pub(super) const STEPS: [&str; 1] = [include_str!("version_1.sql")];

/// The time of an insert on the server, in nanoseconds.
const NOW: &str = "toUInt64(toUnixTimestamp64Nano(now64(9)))";

/// The same, from which a later insert has a smaller number.
const BEFORE: &str = "toUInt64(9223372036854775807 - toUnixTimestamp64Nano(now64(9)))";

/// A table of a step.
struct Table<'t> {
    name: &'t str,
    by: &'t str,
    engine: &'t str,
    columns: String,
    partition: &'t str,
    order: &'t str,
}

/// Returns the statements of a step.
pub(super) fn statements(step: &str, database: &str, cluster: Option<&str>) -> Vec<String> {
    let tables = step.split("\n\n").filter_map(Table::read);
    let statements = tables.map(|table| match cluster {
        None => vec![table.alone(database)],
        Some(cluster) => table.clustered(database, cluster),
    });
    statements.flatten().collect()
}

impl<'t> Table<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let comment = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.strip_prefix("-- "));
            lines
                .find_map(|line| line.strip_prefix(name))
                .map(str::trim)
        };
        let (name, by) = comment("table ")?.split_once(" by ")?;
        let engine = comment("engine ")?;
        let columns = text.lines().filter(|line| !line.starts_with("--"));
        let now = if engine == "first" { BEFORE } else { NOW };
        Some(Self {
            name,
            by,
            engine,
            columns: columns.collect::<Vec<_>>().join(" ").replace("@now", now),
            partition: comment("partition ").unwrap_or("tuple()"),
            order: comment("order ")?,
        })
    }

    fn alone(&self, database: &str) -> String {
        let table = format!("\"{database}\".{}", self.name);
        self.create(&table, "", "")
    }

    fn clustered(&self, database: &str, cluster: &str) -> Vec<String> {
        let (name, by) = (self.name, self.by);
        let table = format!("\"{database}\".{name}");
        let on = format!(" ON CLUSTER \"{cluster}\"");
        vec![
            self.create(&format!("{table}_local"), &on, "Replicated"),
            format!(
                "CREATE TABLE IF NOT EXISTS {table}{on} AS {table}_local \
                 ENGINE = Distributed(\"{cluster}\", \"{database}\", {name}_local, {by})"
            ),
        ]
    }

    fn create(&self, table: &str, on: &str, replicated: &str) -> String {
        let Self {
            columns,
            partition,
            order,
            ..
        } = self;
        let engine = match self.engine {
            "merging" => "AggregatingMergeTree",
            _ => "ReplacingMergeTree",
        };
        let version = match self.engine {
            "merging" => "",
            _ => "seen",
        };
        // A server makes the paths of replicas from its macros.
        format!(
            "CREATE TABLE IF NOT EXISTS {table}{on} ({columns}) ENGINE = {replicated}{engine}({version}) \
             PARTITION BY {partition} ORDER BY ({order})"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_table_has_a_statement() {
        let statements = statements(STEPS[0], "shop", None);
        assert_eq!(statements.len(), 18);
        assert!(
            statements[6].starts_with("CREATE TABLE IF NOT EXISTS \"shop\".definition (id Int64, ")
        );
        assert!(statements[8].ends_with(
            "ENGINE = AggregatingMergeTree() PARTITION BY bitAnd(phase_id, 7) ORDER BY (phase_id, unit, track_id)"
        ));
        assert!(
            statements
                .iter()
                .all(|statement| !statement.contains("--") && !statement.contains('@'))
        );
    }

    #[test]
    fn tables_of_a_cluster_are_distributed_by_unit() {
        let statements = statements(STEPS[0], "shop", Some("main"));
        let exposure: Vec<_> = statements
            .iter()
            .filter(|text| text.contains(".exposure"))
            .collect();
        assert!(exposure[0].contains("\"shop\".exposure_local ON CLUSTER \"main\" ("));
        assert!(exposure[0].contains("ENGINE = ReplicatedAggregatingMergeTree() "));
        assert_eq!(
            exposure[1],
            "CREATE TABLE IF NOT EXISTS \"shop\".exposure ON CLUSTER \"main\" AS \"shop\".exposure_local \
             ENGINE = Distributed(\"main\", \"shop\", exposure_local, cityHash64(unit))"
        );
    }
}
