"""Compares two servers, whose addresses are in MLFLOW_TRACKING_URI with a comma between, run by run and model by model."""

import json
import os

import mlflow
import numpy

first, second = (mlflow.MlflowClient(uri, uri) for uri in os.environ.pop("MLFLOW_TRACKING_URI").split(","))
differences = []


def content(client, run):
    """A run without what a copy cannot keep: ids, places, and tags that name them."""
    history = {key: [(m.step, m.timestamp, m.value) for m in client.get_metric_history(run.info.run_id, key)] for key in run.data.metrics}
    kept = {k: v for k, v in run.data.tags.items() if not k.startswith("millrace.") and k not in ("mlflow.parentRunId", "mlflow.log-model.history")}
    inputs = [(one.dataset.name, one.dataset.digest) for one in run.inputs.dataset_inputs]
    files = []

    def walk(path=None):
        for one in client.list_artifacts(run.info.run_id, path):
            if one.is_dir:
                walk(one.path)
            else:
                files.append((one.path, one.file_size or 0))

    walk()
    info = run.info
    outputs = len(run.outputs.model_outputs) if run.outputs else 0
    return repr((info.run_name, info.status, info.start_time, info.end_time, sorted(run.data.params.items()), sorted(history.items()), sorted(kept.items()), sorted(inputs), sorted(files), outputs))


def runs(client):
    found = {}
    for experiment in client.search_experiments():
        page = client.search_runs([experiment.experiment_id], max_results=1000)
        found.setdefault(experiment.name, []).extend(sorted(content(client, run) for run in page))
    return {name: some for name, some in found.items() if some}


def models(client):
    return {
        (model.name, version.version): sorted(version.aliases)
        for model in client.search_registered_models()
        for version in client.search_model_versions(f"name = '{model.name}'")
    }


one, other = runs(first), runs(second)
for name in sorted(set(one) | set(other)):
    for left, right in zip(one.get(name, []), other.get(name, []), strict=False):
        if left != right:
            at = next((at for at, (one, two) in enumerate(zip(left, right, strict=False)) if one != two), 0)
            differences.append([name, left[max(at - 80, 0) : at + 200], right[max(at - 80, 0) : at + 200]])
    if len(one.get(name, [])) != len(other.get(name, [])):
        differences.append([name, len(one.get(name, [])), len(other.get(name, []))])
if models(first) != models(second):
    differences.append(["models", str(models(first)), str(models(second))])
mlflow.set_tracking_uri(second._tracking_client.tracking_uri)
mlflow.set_registry_uri(second._tracking_client.tracking_uri)
mlflow.pyfunc.load_model("models:/tracking-quickstart/1").predict(numpy.array([[5.1, 3.5, 1.4, 0.2]]))
print(json.dumps({"differences": differences, "runs": sum(map(len, one.values()))}))
