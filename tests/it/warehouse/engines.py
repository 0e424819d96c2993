"""Runs the questions in the folders of a folder by one engine, and writes the answers beside them.

    python engines.py duckdb FOLDER

Each folder in it has `exposure.jsonl`, `conversion.jsonl`, `alias.jsonl`, `erasure.jsonl` and `duckdb.sql`; the
answer is `duckdb.csv`.
"""

import csv
import json
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq

TABLES = {
    "exposure": [
        ("set", pa.string()), ("phase", pa.int64()), ("kind", pa.string()), ("track", pa.string()),
        ("unit", pa.string()), ("at", pa.int64()), ("coin", pa.bool_()), ("definition", pa.string()),
        ("segment", pa.string()),
    ],
    "conversion": [
        ("goal", pa.string()), ("unit", pa.string()), ("id", pa.string()), ("at", pa.int64()),
        ("value", pa.int64()),
    ],
    "alias": [("visitor", pa.string()), ("user", pa.string()), ("at", pa.int64())],
    "erasure": [("unit", pa.string()), ("at", pa.int64())],
}


def parquet(folder):
    """Writes the lines of each table as Parquet."""
    for table, fields in TABLES.items():
        target = os.path.join(folder, table + ".parquet")
        if os.path.exists(target):
            continue
        with open(os.path.join(folder, table + ".jsonl")) as lines:
            rows = [json.loads(line) for line in lines]
        pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(fields)), target)


def duckdb(folders):
    import duckdb as engine

    for folder, text in folders:
        connection = engine.connect()
        for table in TABLES:
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM '{folder}/{table}.parquet'")
        result = connection.execute(text)
        yield [column[0] for column in result.description], result.fetchall()


def datafusion(folders):
    import datafusion as engine

    for folder, text in folders:
        context = engine.SessionContext()
        for table in TABLES:
            context.register_parquet(table, f"{folder}/{table}.parquet")
        result = context.sql(text).to_arrow_table()
        yield result.column_names, [tuple(row.values()) for row in result.to_pylist()]


def clickhouse(folders):
    import chdb.session

    session = chdb.session.Session()
    for number, (folder, text) in enumerate(folders):
        session.query(f"CREATE DATABASE lake_{number}")
        session.query(f"USE lake_{number}")
        for table in TABLES:
            session.query(f"CREATE VIEW {table} AS SELECT * FROM file('{folder}/{table}.parquet', Parquet)")
        rows = list(csv.reader(str(session.query(text, "CSVWithNames")).splitlines()))
        yield rows[0], rows[1:]


def spark(folders):
    import cluster

    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../examples/warehouse"))
    import cells

    session = cluster.session()
    for folder, text in folders:
        for table in TABLES:
            rows = session.read.schema(cells.schema(cells.TABLES[table]))
            rows.parquet(f"{folder}/{table}.parquet").createOrReplaceTempView(table)
        result = session.sql(text)
        yield result.columns, [tuple(row) for row in result.collect()]


def main():
    engine, root = sys.argv[1], sys.argv[2]
    names = sorted(os.listdir(root))
    folders = [os.path.join(root, name) for name in names if os.path.isdir(os.path.join(root, name))]
    questions = []
    for folder in folders:
        parquet(folder)
        with open(os.path.join(folder, engine + ".sql")) as text:
            questions.append((folder, text.read()))
    answers = {"duckdb": duckdb, "datafusion": datafusion, "clickhouse": clickhouse, "spark": spark}[engine]
    for folder, (columns, rows) in zip(folders, answers(questions)):
        with open(os.path.join(folder, engine + ".csv"), "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(rows)


if __name__ == "__main__":
    main()
