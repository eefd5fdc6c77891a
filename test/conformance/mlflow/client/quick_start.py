"""MLflow's quick start, as its documentation has it: track, log a model, register it, load it back, predict."""

import json

import mlflow
from mlflow.models import infer_signature
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

features, target = load_iris(return_X_y=True)
train_x, test_x, train_y, test_y = train_test_split(features, target, test_size=0.2, random_state=42)
params = {"solver": "lbfgs", "max_iter": 1000, "random_state": 8888}
model = LogisticRegression(**params).fit(train_x, train_y)
accuracy = accuracy_score(test_y, model.predict(test_x))

mlflow.set_experiment("quick-start")
with mlflow.start_run() as run:
    mlflow.log_params(params)
    mlflow.log_metric("accuracy", accuracy)
    mlflow.set_tag("Training Info", "Basic LR model for iris data")
    info = mlflow.sklearn.log_model(
        model,
        name="iris_model",
        signature=infer_signature(train_x, model.predict(train_x)),
        input_example=train_x,
        registered_model_name="tracking-quickstart",
    )

loaded = mlflow.pyfunc.load_model(info.model_uri)
by_version = mlflow.pyfunc.load_model("models:/tracking-quickstart/1")
read = mlflow.get_run(run.info.run_id)
print(
    json.dumps(
        {
            "status": read.info.status,
            "params": read.data.params,
            "accuracy": [accuracy, read.data.metrics["accuracy"]],
            "tag": read.data.tags["Training Info"],
            "same": bool((loaded.predict(test_x) == model.predict(test_x)).all()),
            "sameByVersion": bool((by_version.predict(test_x) == model.predict(test_x)).all()),
        }
    )
)
