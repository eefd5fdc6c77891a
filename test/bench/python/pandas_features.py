"""Point-in-time join with pandas.merge_asof, written as Parquet; prints one line of JSON."""

import json
import resource
import sys
import time

import pandas as pd

asked, rows, out, ttl_days = sys.argv[1:5]
started = time.perf_counter()
used = resource.getrusage(resource.RUSAGE_SELF)
names = [f"f{k}" for k in range(5)]
left = pd.read_parquet(asked)
right = pd.read_parquet(rows, columns=["driver_id", "happened_at", *names])
left["row"] = range(len(left))
answer = (
    pd.merge_asof(
        left.sort_values("event_timestamp", kind="stable"),
        right.sort_values("happened_at", kind="stable"),
        left_on="event_timestamp",
        right_on="happened_at",
        by="driver_id",
        tolerance=pd.Timedelta(days=int(ttl_days)),
    )
    .sort_values("row")
    .drop(columns="row")
)
answer.to_parquet(out, index=False)
now = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "seconds": time.perf_counter() - started,
            "cpuSeconds": now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime,
            "memoryMb": now.ru_maxrss / 1024,
            "rows": len(answer),
            "present": int(answer["f0"].notna().sum()),
        }
    )
)
