"""Files from nothing to 200 MB, up and down again. Arguments: sizes in bytes."""

import hashlib
import json
import os
import sys
import tempfile

import mlflow


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


mlflow.set_experiment("artifacts")
results = {}
with tempfile.TemporaryDirectory() as folder, mlflow.start_run() as run:
    for size in (int(one) for one in sys.argv[1:]):
        path = os.path.join(folder, f"size-{size}.bin")
        with open(path, "wb") as file:
            block = os.urandom(1 << 20)
            for start in range(0, size, len(block)):
                file.write(block[: min(len(block), size - start)])
        mlflow.log_artifact(path, artifact_path="sizes")
        got = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=f"sizes/size-{size}.bin", dst_path=folder + "/down")
        results[str(size)] = os.path.getsize(got) == size and digest(got) == digest(path)
    mlflow.log_text("grüße", "notes/a b+c%d ü.txt")
    mlflow.log_dict({"a": 1}, "notes/one.json")
    listed = {one.path: one.file_size or 0 for one in mlflow.MlflowClient().list_artifacts(run.info.run_id, "sizes")}
    text = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/notes/a b+c%d ü.txt")
print(json.dumps({"same": results, "listed": listed, "text": text}))
