"""Reads and validates one file with pandera on polars, writes the rows that break a check; prints one line of JSON."""

import json
import resource
import sys
import time

import pandera.polars as pa
import polars as pl

path, branches, out = sys.argv[1:4]
started = time.perf_counter()
used = resource.getrusage(resource.RUSAGE_SELF)
known = pl.read_parquet(branches)["id"].to_list()
number = lambda: pa.Column(float, pa.Check.in_range(0, 1000))
schema = pa.DataFrameSchema(
    {
        "id": pa.Column(str, unique=True),
        "opened_at": pa.Column(pl.Datetime),
        "age": pa.Column(int, pa.Check.in_range(0, 120)),
        "income": pa.Column(float, pa.Check.ge(0)),
        "country": pa.Column(str, pa.Check.isin(["DE", "FR", "IT", "ES", "PL", "NL"])),
        "email": pa.Column(str, pa.Check.str_matches(r"^[a-z0-9.]+@[a-z]+[.]org$")),
        "branch": pa.Column(int, pa.Check.isin(known)),
        "active": pa.Column(bool),
        "plan": pa.Column(str, pa.Check.isin(["basic", "plus", "gold"])),
        **{f"f{k}": number() for k in range(8)},
        "visits": pa.Column(int, pa.Check.ge(0)),
        "score": pa.Column(int, pa.Check.in_range(0, 100)),
        "note": pa.Column(str, pa.Check.str_length(0, 200), nullable=True),
    }
)
frame = pl.read_csv(path, try_parse_dates=True) if path.endswith(".csv") else pl.read_parquet(path)
if frame.schema["opened_at"] != pl.Datetime:
    frame = frame.with_columns(pl.col("opened_at").str.to_datetime())
bad = 0
try:
    schema.validate(frame, lazy=True)
except pa.errors.SchemaErrors as errors:
    cases = errors.failure_cases
    rows = cases["index"].drop_nulls().unique()
    bad = len(rows)
    frame[rows.cast(pl.UInt32).to_list()].write_parquet(out)
now = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "seconds": time.perf_counter() - started,
            "cpuSeconds": now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime,
            "memoryMb": now.ru_maxrss / 1024,
            "rows": frame.height,
            "quarantinedRows": bad,
        }
    )
)
