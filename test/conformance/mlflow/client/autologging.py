"""What scikit-learn and XGBoost log by themselves."""

import json

import mlflow
import xgboost
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV

mlflow.set_experiment("autologging")
features, target = load_breast_cancer(return_X_y=True, as_frame=True)

mlflow.sklearn.autolog()
with mlflow.start_run() as forest:
    search = GridSearchCV(RandomForestClassifier(n_estimators=5, random_state=1), {"max_depth": [2, 3]}, cv=2)
    search.fit(features, target)
mlflow.sklearn.autolog(disable=True)

mlflow.xgboost.autolog()
with mlflow.start_run() as trees:
    data = xgboost.DMatrix(features, label=target)
    xgboost.train({"objective": "binary:logistic", "eval_metric": "logloss"}, data, 10, evals=[(data, "train")])

client = mlflow.MlflowClient()
children = mlflow.search_runs(
    experiment_names=["autologging"], filter_string=f"tags.`mlflow.parentRunId` = '{forest.info.run_id}'"
)
read = client.get_run(forest.info.run_id)
print(
    json.dumps(
        {
            "forestParams": "best_max_depth" in read.data.params,
            "forestMetrics": "training_accuracy_score" in read.data.metrics,
            "children": len(children),
            "inputs": len(read.inputs.dataset_inputs),
            "outputs": len(read.outputs.model_outputs),
            "forestArtifacts": sorted(one.path for one in client.list_artifacts(forest.info.run_id)),
            "rounds": [one.step for one in client.get_metric_history(trees.info.run_id, "train-logloss")],
        }
    )
)
