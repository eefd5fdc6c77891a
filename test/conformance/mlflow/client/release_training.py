"""Trains with XGBoost, logs the model and registers it under a project's name, as a notebook does."""

import json
import sys

import mlflow
import pandas
import xgboost

project, training, rows = sys.argv[1:]
data = pandas.read_csv(training)
features = data.drop(columns=["sample_id", "malignant"]).astype(float)
mlflow.set_experiment(f"{project}/notebook")
model = xgboost.XGBClassifier(n_estimators=60, max_depth=3, learning_rate=0.2, random_state=7)
model.fit(features, data["malignant"])
unseen = pandas.read_csv(rows)[features.columns].astype(float)
with mlflow.start_run():
    logged = mlflow.xgboost.log_model(
        model,
        name="model",
        registered_model_name=project,
        signature=mlflow.models.infer_signature(features, model.predict(features)),
    )
print(
    json.dumps(
        {
            "version": int(logged.registered_model_version),
            "scores": [float(score) for score in model.predict_proba(unseen)[:, 1]],
        }
    )
)
