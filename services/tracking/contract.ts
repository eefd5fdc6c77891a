import * as z from 'zod';
import { modelSignature } from '#events/registry.ts';
import { defineQuery, defineTask } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { metricValues, pageToken, pathId, projectName, storedObject } from '#shared/contracts/parts.ts';

const stringMap = z.record(z.string().max(250), z.string().max(6000));

/** One experiment per project, named like it; run ids are 32 hexadecimal digits, as MLflow’s. Idempotent by trainingId. */
export const startRun = defineTask({
  service: 'tracking',
  name: 'start-run',
  description: 'Begins a run of the project’s experiment.',
  input: z.object({
    project: projectName,
    trainingId: z.string(),
    runName: z.string().max(250),
    params: stringMap,
    tags: stringMap,
  }),
  output: z.object({ experimentId: z.string(), runId: z.string() }),
});

export const finishRun = defineTask({
  service: 'tracking',
  name: 'finish-run',
  description:
    'Logs the final metrics and ends the run; publishes RunFinished. Ending an ended run with the same status changes nothing.',
  input: z.object({
    project: projectName,
    runId: z.string(),
    status: z.enum(['FINISHED', 'FAILED', 'KILLED']),
    metrics: metricValues,
    tags: stringMap,
  }),
  output: z.object({ runId: z.string() }),
});

/** Where an experiment, a run or a logged model keeps its artifacts, and whose they are; `found` is absent where there is none of that id. */
export const findArtifacts = defineQuery({
  service: 'tracking',
  name: 'find-artifacts',
  description: 'Artifact location and project of an experiment, a run or a logged model.',
  input: z.object({ of: z.enum(['experiment', 'run', 'logged-model']), id: z.string() }),
  output: z.object({
    found: z
      .object({
        project: z.string(),
        artifactUri: z.string(),
        /** Run that a logged model came of. */
        sourceRunId: z.string().optional(),
      })
      .optional(),
  }),
});

/** Errors: RunNotFound, ContentChanged. */
export const logModel = defineTask({
  service: 'tracking',
  name: 'log-model',
  description: 'Writes a trained model below the artifacts of its run, as MLflow’s clients load models.',
  input: z.object({
    project: projectName,
    runId: z.string(),
    artifact: storedObject,
    signature: modelSignature,
  }),
  output: z.object({ source: z.string() }),
});

export const run = z.object({
  runId: z.string(),
  experimentId: z.string(),
  project: z.string(),
  runName: z.string(),
  status: z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']),
  startTime: z.iso.datetime(),
  endTime: z.iso.datetime().optional(),
  params: stringMap,
  metrics: metricValues,
  tags: stringMap,
});

export const listRuns = defineEndpoint({
  service: 'tracking',
  operationId: 'listRuns',
  summary: 'Runs of a project, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/runs',
  role: 'viewer',
  params: z.object({ project: projectName }),
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({ items: z.array(run), nextPageToken: z.string().optional() }),
});

export const readRun = defineEndpoint({
  service: 'tracking',
  operationId: 'readRun',
  summary: 'One run.',
  method: 'GET',
  path: '/v1/projects/{project}/runs/{runId}',
  role: 'viewer',
  params: z.object({ project: projectName, runId: pathId }),
  query: z.object({}),
  body: z.undefined(),
  response: run,
});

export const endpoints = [listRuns, readRun];
