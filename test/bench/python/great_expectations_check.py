"""Reads and validates one file with Great Expectations on pandas; prints one line of JSON."""

import json
import resource
import sys
import time

import great_expectations as gx
import pandas as pd

path, branches = sys.argv[1:3]
started = time.perf_counter()
used = resource.getrusage(resource.RUSAGE_SELF)
known = pd.read_parquet(branches)["id"].tolist()
frame = (
    pd.read_csv(path, parse_dates=["opened_at"]) if path.endswith(".csv") else pd.read_parquet(path)
)
e = gx.expectations
names = [name for name in frame.columns if name != "note"]
numbers = [f"f{k}" for k in range(8)]
expectations = [
    *[e.ExpectColumnValuesToNotBeNull(column=name) for name in names],
    e.ExpectColumnValuesToBeUnique(column="id"),
    e.ExpectColumnValuesToBeBetween(column="age", min_value=0, max_value=120),
    e.ExpectColumnValuesToBeBetween(column="income", min_value=0),
    e.ExpectColumnValuesToBeInSet(column="country", value_set=["DE", "FR", "IT", "ES", "PL", "NL"]),
    e.ExpectColumnValuesToMatchRegex(column="email", regex=r"^[a-z0-9.]+@[a-z]+[.]org$"),
    e.ExpectColumnValuesToBeInSet(column="branch", value_set=known),
    e.ExpectColumnValuesToBeInSet(column="plan", value_set=["basic", "plus", "gold"]),
    *[e.ExpectColumnValuesToBeBetween(column=name, min_value=0, max_value=1000) for name in numbers],
    e.ExpectColumnValuesToBeBetween(column="visits", min_value=0),
    e.ExpectColumnValuesToBeBetween(column="score", min_value=0, max_value=100),
    e.ExpectColumnValueLengthsToBeBetween(column="note", max_value=200),
]
context = gx.get_context(mode="ephemeral")
asset = context.data_sources.add_pandas("bench").add_dataframe_asset("rows")
batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
result = batch.validate(
    gx.ExpectationSuite(name="bench", expectations=expectations),
    result_format={"result_format": "COMPLETE"},
)
bad = {i for one in result.results for i in one.result.get("unexpected_index_list") or []}
now = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "seconds": time.perf_counter() - started,
            "cpuSeconds": now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime,
            "memoryMb": now.ru_maxrss / 1024,
            "rows": len(frame),
            "quarantinedRows": len(bad),
        }
    )
)
