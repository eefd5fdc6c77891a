"""Traces, feedback and expectations."""

import json
import time

import mlflow
from mlflow.entities import AssessmentSource, AssessmentSourceType

mlflow.set_experiment("traces")


@mlflow.trace(span_type="RETRIEVER")
def retrieve(question):
    return [f"about {question}"]


@mlflow.trace
def answer(question):
    with mlflow.start_span("think") as span:
        span.set_inputs({"question": question})
        span.set_outputs(retrieve(question))
    return f"because {question}"


for question in ("plums", "pears"):
    answer(question)
mlflow.flush_trace_async_logging()
trace_id = mlflow.get_last_active_trace_id()
human = AssessmentSource(source_type=AssessmentSourceType.HUMAN, source_id="ann")
mlflow.log_feedback(trace_id=trace_id, name="correct", value=True, source=human, rationale="Yes.")
mlflow.log_expectation(trace_id=trace_id, name="expected", value="because pears", source=human)
mlflow.set_trace_tag(trace_id, "fruit", "pear")
trace = mlflow.get_trace(trace_id)
deadline = time.monotonic() + 20
experiment = mlflow.get_experiment_by_name("traces").experiment_id
while True:
    found = mlflow.search_traces(locations=[experiment], return_type="list") if "locations" in mlflow.search_traces.__wrapped__.__code__.co_varnames else mlflow.search_traces(experiment_ids=[experiment], return_type="list")
    if len(found) == 2 or time.monotonic() > deadline:
        break
    time.sleep(0.5)
tagged = mlflow.MlflowClient().search_traces([experiment], filter_string="tags.fruit = 'pear'")
print(
    json.dumps(
        {
            "found": len(found),
            "spans": sorted(span.name for span in trace.data.spans),
            "parents": sum(1 for span in trace.data.spans if span.parent_id),
            "response": trace.data.response,
            "state": str(trace.info.state.value),
            "assessments": sorted(one.name for one in trace.info.assessments),
            "tagged": [one.info.trace_id == trace_id for one in tagged],
        }
    )
)
