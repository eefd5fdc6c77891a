"""Runs as libraries log them: nested, in threads, asynchronously, with histories; searched page by page; deleted and restored."""

import json
import math
from concurrent.futures import ThreadPoolExecutor

import mlflow
import numpy
from mlflow.exceptions import MlflowException

client = mlflow.MlflowClient()
experiment = mlflow.set_experiment("tracking").experiment_id
with mlflow.start_run(run_name="parent") as parent:
    for child in range(5):
        with mlflow.start_run(run_name=f"child-{child}", nested=True):
            mlflow.log_metric("score", child / 10)
            mlflow.log_param("index", child)
    mlflow.log_metrics({"nan": math.nan, "up": math.inf, "down": -math.inf})
    mlflow.log_params({f"p{at}": at for at in range(150)})
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda at: mlflow.log_metric("shared", at, step=at, run_id=parent.info.run_id), range(40)))
    mlflow.config.enable_async_logging(True)
    for at in range(50):
        mlflow.log_metric("later", at, step=at)
    mlflow.flush_async_logging()
    mlflow.config.enable_async_logging(False)
    data = mlflow.data.from_numpy(numpy.zeros((3, 2)), name="zeros")
    mlflow.log_input(data, context="training")

read = client.get_run(parent.info.run_id)
children = mlflow.search_runs([experiment], filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'", order_by=["metrics.score DESC"])
pages, token = [], None
while True:
    page = client.search_runs([experiment], max_results=2, order_by=["metrics.score ASC"], page_token=token)
    pages += [run.info.run_id for run in page]
    token = page.token
    if not token:
        break
refused = None
try:
    client.log_param(parent.info.run_id, "p1", "other")
except MlflowException as error:
    refused = error.error_code
client.delete_run(parent.info.run_id)
deleted = client.get_run(parent.info.run_id).info.lifecycle_stage
client.restore_run(parent.info.run_id)
print(
    json.dumps(
        {
            "params": len(read.data.params),
            "nan": math.isnan(read.data.metrics["nan"]),
            "infinite": [read.data.metrics["up"] > 1e300, read.data.metrics["down"] < -1e300],
            "shared": [read.data.metrics["shared"], len(client.get_metric_history(parent.info.run_id, "shared"))],
            "later": len(client.get_metric_history(parent.info.run_id, "later")),
            "children": list(children["params.index"]),
            "pages": [len(pages), len(set(pages))],
            "dataset": read.inputs.dataset_inputs[0].dataset.name,
            "refused": refused,
            "stages": [deleted, client.get_run(parent.info.run_id).info.lifecycle_stage],
        }
    )
)
