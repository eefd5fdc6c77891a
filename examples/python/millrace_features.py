"""Features of a Millrace project in a notebook, in Feast's words. One file; needs requests and pandas.

    from millrace_features import FeatureStore

    store = FeatureStore("http://127.0.0.1:4700", project="rides")
    store.get_online_features(feature_service="driver_dashboard", entity_rows=[{"driver_id": "d001"}]).to_df()
    store.get_historical_features(entity_df, feature_service="rides_inputs").to_df()

The address and the token may stand in MILLRACE_URL and MILLRACE_TOKEN. Every error of the platform is a FeatureStoreError with its code.
"""

import io
import json
import os
import time

import pandas as pd
import requests

MAX_ONLINE_ENTITIES = 100
MAX_RECORDS = 100


class FeatureStoreError(Exception):
    """What the platform refused: `code` is stable, `violations` names each place."""

    def __init__(self, status, code, message, violations=()):
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.violations = list(violations)


class OnlineResponse:
    """Values of entities with their status (PRESENT, EXPIRED, NOT_FOUND) and event time."""

    def __init__(self, entity_rows, answer):
        self._entity_rows = entity_rows
        self.feature_names = answer["metadata"]["featureNames"]
        self._results = answer["results"]

    def to_dict(self, include_statuses=False):
        """Feature name to a list with one value per entity, after the entities' own members."""
        names = list(dict.fromkeys(name for row in self._entity_rows for name in row))
        columns = {name: [row.get(name) for row in self._entity_rows] for name in names}
        for name, result in zip(self.feature_names, self._results):
            columns[name] = result["values"]
            if include_statuses:
                columns[f"{name}__status"] = result["statuses"]
                columns[f"{name}__event_timestamp"] = pd.to_datetime(result["eventTimestamps"], utc=True, format="ISO8601")
        return columns

    def to_df(self, include_statuses=False):
        return pd.DataFrame(self.to_dict(include_statuses))


class RetrievalJob:
    """A training set that is being made."""

    def __init__(self, store, retrieval):
        self._store = store
        self.retrieval = retrieval

    @property
    def retrieval_id(self):
        return self.retrieval["retrievalId"]

    def wait(self, timeout_seconds=900):
        """Waits until it is made. Raises FeatureStoreError where it failed, TimeoutError where it is not made in time."""
        deadline = time.monotonic() + timeout_seconds
        pause = 0.2
        while self.retrieval["status"] == "running":
            if time.monotonic() > deadline:
                raise TimeoutError(f"Retrieval {self.retrieval_id} still runs after {timeout_seconds} s. Ask for it again later.")
            time.sleep(pause)
            pause = min(pause * 1.5, 5)
            self.retrieval = self._store._call("GET", f"historical-features/{self.retrieval_id}")
        if self.retrieval["status"] == "failed":
            raise FeatureStoreError(422, "RetrievalFailed", self.retrieval.get("failure", "no reason was given"))
        return self

    @property
    def training_set(self):
        """Its hash, the versions that it was made of, and how many values are present, null, expired or not found."""
        return self.wait().retrieval["trainingSet"]

    def to_df(self, timeout_seconds=900):
        """One row per entity row, in their order."""
        self.wait(timeout_seconds)
        fresh = self._store._call("GET", f"historical-features/{self.retrieval_id}")
        body = requests.get(fresh["downloadUrl"], timeout=300)
        body.raise_for_status()
        return _typed(pd.read_csv(io.BytesIO(body.content), dtype=str, keep_default_na=False), fresh["trainingSet"]["columns"])


class FeatureStore:
    """The features of one project."""

    def __init__(self, url=None, project=None, token=None, timeout_seconds=30):
        if not project:
            raise ValueError("Name the project: FeatureStore(url, project='rides').")
        self.url = (url or os.environ.get("MILLRACE_URL") or "http://127.0.0.1:4700").rstrip("/")
        self.project = project
        self.timeout_seconds = timeout_seconds
        self._session = requests.Session()
        token = token or os.environ.get("MILLRACE_TOKEN")
        if token:
            self._session.headers["authorization"] = f"Bearer {token}"

    def list_entities(self):
        return self._call("GET", "features")["entities"]

    def list_feature_views(self):
        return self._call("GET", "features")["featureViews"]

    def list_feature_services(self):
        return self._call("GET", "features")["featureServices"]

    def get_feature_view(self, name, version=None):
        return self._call("GET", f"feature-views/{name}", params=_given(version=version))

    def get_feature_service(self, name, version=None):
        return self._call("GET", f"feature-services/{name}", params=_given(version=version))

    def get_online_features(self, entity_rows, feature_service=None, features=None, version=None, full_feature_names=False):
        """The newest values for any number of entities: a list of dicts or a data frame, with join keys and request members.

        `features` are "view:feature". Members that are no join key go as `request`, for on-demand features.
        """
        rows = entity_rows.to_dict("records") if isinstance(entity_rows, pd.DataFrame) else list(entity_rows)
        if not rows:
            raise ValueError("entity_rows is empty: name at least one entity.")
        join_keys = {key["name"] for entity in self.list_entities() for key in entity["joinKeys"]}
        answers = [
            self._online_page(rows[start : start + MAX_ONLINE_ENTITIES], join_keys, feature_service, features, version, full_feature_names)
            for start in range(0, len(rows), MAX_ONLINE_ENTITIES)
        ]
        return OnlineResponse(rows, _joined(answers))

    def get_historical_features(self, entity_df, feature_service=None, features=None, version=None, event_timestamp="event_timestamp", as_of=None, full_feature_names=False):
        """Features as they were known at each row's time. `entity_df` has join keys and the column `event_timestamp`."""
        if event_timestamp not in entity_df.columns:
            raise ValueError(f"entity_df has no column '{event_timestamp}'. Name the one with the times: event_timestamp='…'.")
        file = self._call("POST", "entity-files", json={"fileName": "entities.csv"})
        requests.put(file["url"], data=_csv(entity_df), timeout=300).raise_for_status()
        body = _given(
            featureService=feature_service,
            features=features,
            version=version,
            fullFeatureNames=full_feature_names or None,
            asOf=_iso(as_of),
            format="csv",
            entityRows={"type": "file", "fileId": file["fileId"], "eventTimestamp": event_timestamp},
        )
        return RetrievalJob(self, self._call("POST", "historical-features", json=body))

    def push(self, feature_view, df, record_ids=None):
        """Sends records of a stream: online at once, and to the offline store. Sent twice, they count once."""
        records = json.loads(df.to_json(orient="records", date_format="iso", date_unit="us"))
        sent = {"accepted": 0, "duplicates": 0}
        for start in range(0, len(records), MAX_RECORDS):
            page = slice(start, start + MAX_RECORDS)
            body = _given(records=records[page], recordIds=list(record_ids[page]) if record_ids is not None else None)
            answer = self._call("POST", f"features/{feature_view}/records", json=body)
            sent = {name: count + answer[name] for name, count in sent.items()}
        return sent

    def materialize(self, feature_view, full=False, wait=True, timeout_seconds=900):
        """Writes a view's newest values to the online store."""
        path = f"feature-views/{feature_view}/materializations"
        run = self._call("POST", path, json={"mode": "full" if full else "incremental"})
        deadline = time.monotonic() + timeout_seconds
        while wait and run["status"] == "running":
            if time.monotonic() > deadline:
                raise TimeoutError(f"Materialization {run['materializationId']} still runs after {timeout_seconds} s.")
            time.sleep(0.5)
            run = self._call("GET", f"{path}/{run['materializationId']}")
        if run["status"] == "failed":
            raise FeatureStoreError(422, "MaterializationFailed", run.get("failure", "no reason was given"))
        return run

    def _online_page(self, rows, join_keys, feature_service, features, version, full_feature_names):
        members = {name: [_plain(row.get(name)) for row in rows] for row in rows for name in row}
        body = _given(
            featureService=feature_service,
            features=features,
            version=version,
            fullFeatureNames=full_feature_names or None,
            entities={name: values for name, values in members.items() if name in join_keys},
            request={name: values for name, values in members.items() if name not in join_keys} or None,
        )
        return self._call("POST", "online-features", json=body)

    def _call(self, method, path, **options):
        answer = self._session.request(method, f"{self.url}/v1/projects/{self.project}/{path}", timeout=self.timeout_seconds, **options)
        if answer.ok:
            return answer.json()
        try:
            problem = answer.json()
        except ValueError:
            problem = {}
        raise FeatureStoreError(
            answer.status_code,
            problem.get("code", "Unreadable"),
            problem.get("detail", answer.text[:500]),
            problem.get("violations", ()),
        )


def _given(**members):
    return {name: value for name, value in members.items() if value is not None}


def _plain(value):
    """A value as JSON has it: NumPy's numbers are Python's, times are ISO 8601, what is missing is null."""
    if value is None or (not isinstance(value, (list, dict)) and pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return _iso(value)
    return value.item() if hasattr(value, "item") else value


def _iso(time_value):
    if time_value is None:
        return None
    stamp = pd.Timestamp(time_value)
    stamp = stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")
    return stamp.isoformat().replace("+00:00", "Z")


def _csv(df):
    times = {name: df[name].map(_iso) for name in df.columns if isinstance(df[name].dtype, pd.DatetimeTZDtype) or df[name].dtype.kind == "M"}
    return df.assign(**times).to_csv(index=False).encode("utf-8")


def _joined(answers):
    first, *others = answers
    for answer in others:
        for result, more in zip(first["results"], answer["results"]):
            for name in ("values", "statuses", "eventTimestamps"):
                result[name] = result[name] + more[name]
    return first


def _typed(df, columns):
    """Texts as the types that the training set declares; an empty field is missing."""
    for column in columns:
        name, kind = column["name"], column["type"]
        texts = df[name].where(df[name] != "", None)
        if kind == "timestamp":
            df[name] = pd.to_datetime(texts, utc=True, format="ISO8601")
        elif kind == "number":
            df[name] = pd.to_numeric(texts).astype("float64")
        elif kind == "integer":
            df[name] = pd.to_numeric(texts).astype("Int64")
        elif kind == "boolean":
            df[name] = texts.map({"true": True, "false": False}).astype("boolean")
        else:
            df[name] = texts
    return df
