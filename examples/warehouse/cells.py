"""Computes the cells of a test by Apache Spark, from the JSON lines of all recorders.

    tracks --store summaries.db sql pricing --dialect spark > pricing.sql
    spark-submit cells.py --facts 's3a://shop/tracks/*.jsonl*' --sql pricing.sql --out /var/lib/tracks/cells/pricing.csv

`--facts` may be given several times. It takes what Spark reads: a folder, a pattern, files with gzip. The file of
cells is written under another name first, so a report never reads half of it. See the guide "warehouse" of the crate.
"""

import argparse
import csv
import os

from pyspark.sql import SparkSession
from pyspark.sql.types import BooleanType, LongType, StringType, StructField, StructType

# The columns of each type of line. Lines have more fields, and more of them may come.
TABLES = {
    "exposure": {
        "set": StringType(), "phase": LongType(), "kind": StringType(), "track": StringType(), "unit": StringType(),
        "at": LongType(), "coin": BooleanType(), "definition": StringType(),
    },
    "conversion": {
        "goal": StringType(), "unit": StringType(), "id": StringType(), "at": LongType(), "value": LongType(),
    },
    "alias": {"visitor": StringType(), "user": StringType(), "at": LongType()},
    "erasure": {"unit": StringType(), "at": LongType()},
}


def schema():
    """Returns all fields: one name has one type in all types of lines."""
    fields = {"type": StringType()}
    for columns in TABLES.values():
        fields.update(columns)
    return StructType([StructField(name, kind) for name, kind in fields.items()])


def register(session, facts):
    """Makes a view of each type of line. A line that is not JSON has no type, and is in no view."""
    lines = session.read.schema(schema()).json(facts)
    for table, columns in TABLES.items():
        rows = lines.where(lines.type == table).select(*columns)
        rows.createOrReplaceTempView(table)


def write(columns, rows, out):
    """Writes the cells as a file."""
    unfinished = out + ".unfinished"
    with open(unfinished, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    os.replace(unfinished, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", required=True, action="append", help="JSON lines of recorders")
    parser.add_argument("--sql", required=True, help="what `tracks sql` printed")
    parser.add_argument("--out", required=True, help="the file of cells, whose name ends with .csv")
    arguments = parser.parse_args()
    session = SparkSession.builder.appName("tower-tracks cells").getOrCreate()
    register(session, arguments.facts)
    with open(arguments.sql) as text:
        answer = session.sql(text.read())
    # Some thousand rows, however many facts there are.
    rows = [tuple(row) for row in answer.collect()]
    write(answer.columns, rows, arguments.out)
    print(f"{len(rows)} cells in {arguments.out}")
    session.stop()


if __name__ == "__main__":
    main()
