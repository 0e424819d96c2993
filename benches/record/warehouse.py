"""Makes the facts of the bench `warehouse` as Parquet, once, and answers a question about them by an engine.

    python warehouse.py duckdb UNITS LAKE QUESTION CELLS

Prints the time of the answer, the most memory of the process, and the size of the Parquet files.
"""

import csv
import os
import resource
import subprocess
import sys
import time

START = 20458 * 86_400_000_000
ROWS = 10_000_000

# The same facts as in `warehouse.rs`.
UNIT = "printf('%016x', ((n::HUGEINT * 11400714819323198485) % 18446744073709551616)::UBIGINT) || repeat('01', 8)"
AT = f"{START} + n % 1209600 * 1000000"
EXPOSURE = f"""SELECT 'delay' AS "set", 1::BIGINT AS phase, 'visitor' AS kind,
    CASE WHEN n // 3 % 2 = 0 THEN 'control' ELSE 'long' END AS track, {UNIT} AS unit, {AT} AS "at",
    NULL::BOOLEAN AS coin, NULL::VARCHAR AS definition, NULL::VARCHAR AS segment"""
CONVERSION = f"""SELECT 'purchase' AS goal, {UNIT} AS unit, {UNIT} AS id, {AT} + 3600000000 AS "at",
    n % 1000 * 1000000 AS value"""
ALIAS = "SELECT '' AS visitor, '' AS \"user\", 0::BIGINT AS \"at\""
ERASURE = "SELECT '' AS unit, 0::BIGINT AS \"at\""


def make(units, lake):
    import duckdb

    connection = duckdb.connect()
    for table, select in {"exposure": EXPOSURE, "conversion": CONVERSION}.items():
        os.makedirs(f"{lake}/{table}")
        for first in range(0, units, ROWS):
            rows = f"{select} FROM range({first}, {min(units, first + ROWS)}) AS numbers (n)"
            connection.execute(f"COPY ({rows}) TO '{lake}/{table}/{first}.parquet'")
    for table, select in {"alias": ALIAS, "erasure": ERASURE}.items():
        os.makedirs(f"{lake}/{table}")
        connection.execute(f"COPY ({select} LIMIT 0) TO '{lake}/{table}/none.parquet'")


def duckdb(lake, text):
    import duckdb as engine

    connection = engine.connect()
    connection.execute(f"SET temp_directory = '{lake}/spilled'")
    for table in os.listdir(lake):
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM '{lake}/{table}/*.parquet'")
    result = connection.execute(text)
    return [column[0] for column in result.description], result.fetchall()


def clickhouse(lake, text):
    import chdb.session

    session = chdb.session.Session()
    session.query("CREATE DATABASE lake")
    session.query("USE lake")
    for table in os.listdir(lake):
        session.query(f"CREATE VIEW {table} AS SELECT * FROM file('{lake}/{table}/*.parquet', Parquet)")
    settings = "max_bytes_before_external_group_by = 4000000000, max_bytes_before_external_sort = 4000000000"
    session.query(f"SET {settings}, join_algorithm = 'grace_hash,hash'")
    rows = list(csv.reader(str(session.query(text, "CSVWithNames")).splitlines()))
    return rows[0], rows[1:]


def size(folder):
    return sum(os.path.getsize(os.path.join(root, name)) for root, _, names in os.walk(folder) for name in names)


def main():
    engine, units, lake, question, cells = sys.argv[1:]
    if not os.path.exists(lake):
        # In a process of its own, whose memory does not count.
        subprocess.run([sys.executable, __file__, "make", units, lake, "", ""], check=True)
    with open(question) as text:
        text = text.read()
    disk = size(lake)
    before = time.monotonic()
    columns, rows = {"duckdb": duckdb, "clickhouse": clickhouse}[engine](lake, text)
    seconds = time.monotonic() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{engine}: {seconds:.1f} s, {peak / 1e9:.2f} GB of memory at most, {disk / 1e9:.2f} GB of disk", flush=True)
    with open(cells, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), sys.argv[3])
    else:
        main()
