"""Loads the champion of a project as a user does, and predicts the rows of a file with it."""

import json
import sys

import mlflow
import pandas
import xgboost

project, file = sys.argv[1:]
rows = pandas.read_csv(file)
model = mlflow.xgboost.load_model(f"models:/{project}@champion")
version = mlflow.MlflowClient().get_model_version_by_alias(project, "champion").version
columns = mlflow.models.get_model_info(f"models:/{project}@champion").signature.inputs.input_names()
booster = model.get_booster() if isinstance(model, xgboost.XGBModel) else model
names = booster.feature_names
matrix = xgboost.DMatrix(rows[columns].to_numpy(), feature_names=names) if names else xgboost.DMatrix(rows[columns].to_numpy())
pyfunc = mlflow.pyfunc.load_model(f"models:/{project}@champion").predict(rows[columns].astype(float))
print(
    json.dumps(
        {
            "version": int(version),
            "scores": [float(score) for score in booster.predict(matrix)],
            "pyfunc": [float(score) for score in pyfunc],
        }
    )
)
