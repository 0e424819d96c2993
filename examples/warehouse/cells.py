"""Computes the cells of tests by Apache Spark, from the facts of all recorders.

    tracks --store summaries.db sql --dialect spark --out questions
    spark-submit cells.py --facts 's3a://shop/tracks/*/*.jsonl*' --sql questions --out cells

`--facts` may be given several times. It takes what Spark reads: a folder, a pattern, files with gzip. With
`--parquet`, it takes folders of tables that `parquet.py` wrote. `--sql` is a file, or a folder with a file for each
test. The cells are written into the folder `--out`, each file under another name first, so a report never reads
half of it. See the guide "warehouse" of the crate.
"""

import argparse
import csv
import os
import sys

from pyspark.sql import SparkSession
from pyspark.sql.types import BooleanType, LongType, StringType, StructField, StructType

# The columns of each type of line. Lines have more fields, and more of them may come.
TABLES = {
    "exposure": {
        "set": StringType(), "phase": LongType(), "kind": StringType(), "track": StringType(), "unit": StringType(),
        "at": LongType(), "coin": BooleanType(), "definition": StringType(), "segment": StringType(),
    },
    "conversion": {
        "goal": StringType(), "unit": StringType(), "id": StringType(), "at": LongType(), "value": LongType(),
    },
    "alias": {"visitor": StringType(), "user": StringType(), "at": LongType()},
    "erasure": {"unit": StringType(), "at": LongType()},
}


def schema(columns):
    return StructType([StructField(name, kind) for name, kind in columns.items()])


def lines(session, facts):
    """Returns the rows of each type of line. A line that is not JSON has no type, and is in no table."""
    # One name has one type in all types of lines.
    fields = {"type": StringType()}
    for columns in TABLES.values():
        fields.update(columns)
    rows = session.read.schema(schema(fields)).json(facts)
    return {table: rows.where(rows.type == table).select(*columns) for table, columns in TABLES.items()}


def tables(session, facts):
    """Returns the tables in folders that `parquet.py` wrote. A folder without rows of a type has no table of it."""
    found_any = False
    for table, columns in TABLES.items():
        rows = session.createDataFrame([], schema(columns))
        for folder in facts:
            path = session._jvm.org.apache.hadoop.fs.Path(folder, table)
            if path.getFileSystem(session._jsc.hadoopConfiguration()).exists(path):
                found_any = True
                found = session.read.schema(schema(columns)).parquet(path.toString())
                rows = rows.union(found.select(*columns))
        yield table, rows
    # Otherwise a wrong path would be an answer with 0 units.
    if not found_any:
        sys.exit(f"no tables in {', '.join(facts)}")


def register(session, facts, is_parquet=False):
    """Makes a view of each type of facts."""
    found = tables(session, facts) if is_parquet else lines(session, facts).items()
    for table, rows in found:
        rows.createOrReplaceTempView(table)


def answer(session, question):
    """Returns the names of the columns, and the rows: some thousand, however many facts there are."""
    cells = session.sql(question)
    return cells.columns, [tuple(row) for row in cells.collect()]


def write(columns, rows, path):
    """Writes cells as a file."""
    unfinished = path + ".unfinished"
    with open(unfinished, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    os.replace(unfinished, path)


def questions(path):
    """Returns the name and the text of each question."""
    paths = [path]
    if os.path.isdir(path):
        paths = [os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith(".sql")]
    if not paths:
        sys.exit(f"no questions in {path}")
    for path in paths:
        with open(path) as text:
            yield os.path.basename(path).removesuffix(".sql"), text.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", required=True, action="append", help="JSON lines of recorders, or tables")
    parser.add_argument("--parquet", action="store_true", help="the facts are tables of Parquet")
    parser.add_argument("--sql", required=True, help="what `tracks sql` wrote: a file or a folder")
    parser.add_argument("--out", required=True, help="the folder of the cells")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    session = SparkSession.builder.appName("tower-tracks cells").getOrCreate()
    # Patterns of files and small windows cause warnings that say nothing.
    session.sparkContext.setLogLevel("ERROR")
    register(session, arguments.facts, arguments.parquet)
    for name, text in questions(arguments.sql):
        columns, rows = answer(session, text)
        path = os.path.join(arguments.out, name + ".csv")
        write(columns, rows, path)
        print(f"{len(rows)} cells in {path}", flush=True)
    session.stop()


if __name__ == "__main__":
    main()
