"""What a notebook does with examples/python/millrace_features.py; prints one JSON document of what it saw.

python notebook.py <folder of the client> <address> <project> <CSV file of the dataset>
"""

import json
import sys

import pandas as pd

folder, url, project, csv_path = sys.argv[1:5]
sys.path.insert(0, folder)
from millrace_features import FeatureStore, FeatureStoreError  # noqa: E402

store = FeatureStore(url, project=project)
names = ["speed", "trips", "city", "active"]
ttl = pd.Timedelta(days=2)
rows = pd.read_csv(csv_path, parse_dates=["event_timestamp", "created"])
for column in ("event_timestamp", "created"):
    rows[column] = rows[column].dt.as_unit("us")


def expected(asked):
    """What pandas says: the newest row that was known by then, if it happened within the ttl."""
    asked = asked.assign(event_timestamp=asked["event_timestamp"].dt.as_unit("us"))
    joined = pd.merge_asof(
        asked.reset_index().sort_values("event_timestamp", kind="stable"),
        rows.rename(columns={"event_timestamp": "happened_at"}).sort_values("created", kind="stable"),
        left_on="event_timestamp",
        right_on="created",
        by="courier_id",
    ).sort_values("index")
    old = joined["event_timestamp"] - joined["happened_at"] > ttl
    values = joined[names].astype(object)
    values.loc[old] = None
    return values.reset_index(drop=True)


def plain(frame):
    """Values of features as JSON has them, a list per row."""
    values = frame[names].astype(object)
    return json.loads(values.where(values.notna(), None).to_json(orient="values"))


def refused(work):
    try:
        work()
    except FeatureStoreError as error:
        return {"status": error.status, "code": error.code, "message": str(error), "violations": error.violations}
    return None


seen = {
    "entities": store.list_entities(),
    "views": sorted(view["view"] for view in store.list_feature_views()),
    "services": sorted(service["service"] for service in store.list_feature_services()),
    "view": store.get_feature_view("courier_stats")["featureView"]["version"],
    "service": [output["name"] for output in store.get_feature_service("dispatch")["featureService"]["outputs"]],
}

now = pd.Timestamp.now(tz="UTC").floor("us")
written = store.materialize("courier_stats", full=True)
seen["materialized"] = {"status": written["status"], "written": written["written"]}

pings = pd.DataFrame(
    {
        "courier_id": [1, 1, 2],
        "speed_kmh": [10.0, None, 30.5],
        "event_timestamp": [now - pd.Timedelta(seconds=second) for second in (30, 20, 10)],
    }
)
seen["pushed"] = [store.push("courier_pings", pings), store.push("courier_pings", pings)]
naive = pings.assign(event_timestamp=pings["event_timestamp"].dt.tz_localize(None), courier_id=[3, 3, 3])
seen["pushed_naive"] = store.push("courier_pings", naive, record_ids=["a", "b", "c"])

# More entities than one request takes; those that nobody knows are there too.
couriers = pd.DataFrame({"courier_id": range(150), "distance_km": [float(place % 7) for place in range(150)]})
online = store.get_online_features(couriers, feature_service="dispatch").to_df(include_statuses=True)
known_now = expected(couriers.assign(event_timestamp=now))
seen["online"] = {
    "rows": len(online),
    "same": plain(online) == plain(known_now),
    "statuses": online["speed__status"].value_counts().to_dict(),
    "pings": json.loads(online.loc[1:4, "pings_1h"].to_json(orient="values")),
    "last_speed": json.loads(online.loc[1:4, "last_speed"].to_json(orient="values")),
    "minutes": bool(
        (online["minutes"].astype(float) - couriers["distance_km"] / known_now["speed"].astype(float) * 60)
        .abs().dropna().lt(1e-9).all()
    ),
    "times": str(online["speed__event_timestamp"].dtype),
}
named = store.get_online_features([{"courier_id": 1}], features=["courier_stats:city"], full_feature_names=True)
seen["online_named"] = named.feature_names

entity_df = pd.DataFrame(
    {
        "courier_id": [place % 12 for place in range(400)],
        "event_timestamp": [now - pd.Timedelta(minutes=37 * (400 - place)) for place in range(400)],
        "label": [place % 2 == 0 for place in range(400)],
        "note": [f'{place}, "é"' for place in range(400)],
    }
)
job = store.get_historical_features(entity_df, feature_service="history")
past = job.to_df()
asked_again = store.get_historical_features(
    entity_df, feature_service="history", as_of=job.training_set["inputs"]["asOf"]
)
seen["historical"] = {
    "columns": list(past.columns),
    "types": {name: str(past[name].dtype) for name in past.columns if name not in ("note", "city")},
    "same": plain(past) == plain(expected(entity_df)),
    "entities": bool(
        (past["event_timestamp"] == entity_df["event_timestamp"]).all()
        and (past["note"] == entity_df["note"]).all()
        and (past["label"] == entity_df["label"]).all()
    ),
    "found": {name: int(past[name].notna().sum()) for name in names},
    "expired": [counts["expired"] for counts in job.training_set["counts"]],
    "again": asked_again.training_set["contentSha256"] == job.training_set["contentSha256"],
    "counts": [counts["present"] - counts["nulls"] for counts in job.training_set["counts"]],
}
naive_df = entity_df.assign(event_timestamp=entity_df["event_timestamp"].dt.tz_localize(None))
named = store.get_historical_features(naive_df, features=["courier_stats:trips"]).to_df()
seen["historical"]["naive"] = plain(named.assign(**past[["speed", "city", "active"]])) == plain(past)

seen["refused"] = {
    "service": refused(lambda: store.get_feature_service("nothing")),
    "entities": refused(lambda: store.get_online_features([{"courier_id": "x"}], feature_service="history")),
    "body": refused(lambda: store.get_online_features([{"courier_id": 1}], feature_service="Not A Name")),
    "records": refused(lambda: store.push("courier_pings", pings.assign(speed_kmh="fast"))),
    "join_key": refused(
        lambda: store.get_historical_features(
            entity_df.drop(columns="courier_id"), feature_service="history"
        ).to_df()
    ),
    "stream": refused(lambda: store.materialize("courier_pings")),
}
print(json.dumps(seen))
