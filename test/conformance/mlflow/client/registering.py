"""Registers, describes, tags, points aliases, moves stages, copies, loads by alias, deletes."""

import json

import mlflow
import numpy
from mlflow.exceptions import MlflowException
from sklearn.linear_model import LinearRegression

client = mlflow.MlflowClient()
mlflow.set_experiment("registering")
x = numpy.arange(10.0).reshape(-1, 1)
uris = []
for slope in (1, 2):
    with mlflow.start_run():
        uris.append(mlflow.sklearn.log_model(LinearRegression().fit(x, slope * x[:, 0]), name="line").model_uri)

versions = [mlflow.register_model(uri, "line").version for uri in uris]
client.update_registered_model("line", description="A line.")
client.set_registered_model_tag("line", "team", "geometry")
client.set_model_version_tag("line", versions[1], "checked", "yes")
client.set_registered_model_alias("line", "straight", versions[1])
by_alias = mlflow.pyfunc.load_model("models:/line@straight").predict(x[:3])
copied = client.copy_model_version("models:/line@straight", "line-copy")
copy = mlflow.pyfunc.load_model("models:/line-copy/1").predict(x[:3])
client.transition_model_version_stage("line", versions[0], "Production")
staged = client.get_latest_versions("line", stages=["Production"])[0].version
found = [one.version for one in client.search_model_versions("name = 'line' and tags.checked = 'yes'")]
models = [one.name for one in client.search_registered_models("name LIKE 'line%'")]
client.delete_registered_model_alias("line", "straight")
missing = None
try:
    client.get_model_version_by_alias("line", "straight")
except MlflowException as error:
    missing = error.error_code
client.rename_registered_model("line-copy", "line-renamed")
renamed = client.get_model_version("line-renamed", "1").source
client.delete_model_version("line", versions[0])
client.delete_registered_model("line-renamed")
print(
    json.dumps(
        {
            "versions": [int(one) for one in versions],
            "byAlias": [abs(round(float(one), 6)) for one in by_alias],
            "copy": [abs(round(float(one), 6)) for one in copy],
            "copiedVersion": int(copied.version),
            "staged": int(staged),
            "found": [int(one) for one in found],
            "models": models,
            "missing": missing,
            "renamed": bool(renamed),
            "left": [int(one.version) for one in client.search_model_versions("name = 'line'")],
        }
    )
)
