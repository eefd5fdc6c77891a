"""The prompt registry."""

import json

import mlflow

first = mlflow.genai.register_prompt(name="greeting", template="Hello {{name}}.", commit_message="First.", tags={"tone": "kind"})
second = mlflow.genai.register_prompt(name="greeting", template="Good day, {{name}}.", commit_message="Politer.")
mlflow.genai.set_prompt_alias("greeting", alias="production", version=1)
loaded = mlflow.genai.load_prompt("prompts:/greeting@production")
newest = mlflow.genai.load_prompt("prompts:/greeting/2")
found = [one.name for one in mlflow.genai.search_prompts()]
models = [one.name for one in mlflow.MlflowClient().search_registered_models()]
print(
    json.dumps(
        {
            "versions": [first.version, second.version],
            "loaded": loaded.format(name="Ann"),
            "newest": newest.format(name="Ann"),
            "found": found,
            "amongModels": "greeting" in models,
        }
    )
)
