"""Converts the JSON lines of recorders into tables of Parquet, by Apache Spark.

    spark-submit parquet.py --lines 's3a://shop/tracks/*/*.jsonl.*' --out s3a://shop/facts

The tables are `exposure`, `conversion`, `alias` and `erasure`, each with a folder for each day of UTC, such as
`exposure/day=2026-03-11`. Each run adds files, so convert each file of lines once. To convert one again does no
harm: repeated facts count once. See the guide "warehouse" of the crate.
"""

import argparse

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, from_unixtime

from cells import lines


def convert(session, facts, out):
    for table, rows in lines(session, facts).items():
        day = from_unixtime((col("at") / 1_000_000).cast("long"), "yyyy-MM-dd")
        rows.withColumn("day", day).write.mode("append").partitionBy("day").parquet(f"{out.rstrip('/')}/{table}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", required=True, action="append", help="JSON lines of recorders")
    parser.add_argument("--out", required=True, help="the folder of the tables")
    arguments = parser.parse_args()
    builder = SparkSession.builder.appName("tower-tracks parquet").config("spark.sql.session.timeZone", "UTC")
    session = builder.getOrCreate()
    # A pattern of files causes a warning that says nothing.
    session.sparkContext.setLogLevel("ERROR")
    convert(session, arguments.lines, arguments.out)
    session.stop()


if __name__ == "__main__":
    main()
