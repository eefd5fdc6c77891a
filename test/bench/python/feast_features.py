"""Point-in-time join with Feast's DuckDB offline store, written as Parquet; prints one line of JSON."""

import json
import os
import resource
import sys
import tempfile
import time
from datetime import timedelta

import pandas as pd
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig, ValueType
from feast.infra.offline_stores.file_source import SavedDatasetFileStorage
from feast.types import Float64, Int64

asked, rows, out, ttl_days = sys.argv[1:5]
driver = Entity(name="driver", join_keys=["driver_id"], value_type=ValueType.STRING)
view = FeatureView(
    name="drivers",
    entities=[driver],
    ttl=timedelta(days=int(ttl_days)),
    schema=[Field(name=f"f{k}", dtype=Int64 if k == 3 else Float64) for k in range(5)],
    source=FileSource(path=rows, timestamp_field="happened_at"),
)
with tempfile.TemporaryDirectory() as folder:
    config = RepoConfig(
        project="bench",
        provider="local",
        registry=os.path.join(folder, "registry.db"),
        offline_store={"type": "duckdb"},
        online_store={"type": "sqlite", "path": os.path.join(folder, "online.db")},
        entity_key_serialization_version=3,
    )
    store = FeatureStore(config=config)
    store.apply([driver, view])
    started = time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_SELF)
    job = store.get_historical_features(
        entity_df=pd.read_parquet(asked), features=[f"drivers:f{k}" for k in range(5)]
    )
    job.persist(SavedDatasetFileStorage(out), allow_overwrite=True)
    now = resource.getrusage(resource.RUSAGE_SELF)
    seconds = time.perf_counter() - started
answer = pd.read_parquet(out, columns=["f0"])
print(
    json.dumps(
        {
            "seconds": seconds,
            "cpuSeconds": now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime,
            "memoryMb": now.ru_maxrss / 1024,
            "rows": len(answer),
            "present": int(answer["f0"].notna().sum()),
        }
    )
)
