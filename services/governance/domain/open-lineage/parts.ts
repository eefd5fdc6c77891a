import type { OpenLineageEvent } from '#services/governance/contract.ts';
import { uuidOfName } from '#shared/kernel/ids.ts';
import type { Fact } from '../facts.ts';

/** What the facts do not say: where the platform runs, and where the things lie that they name by id. */
export interface OpenLineagePlatform {
  readonly stage: string;
  readonly buckets: { readonly data: string; readonly models: string; readonly captures: string };
}

/** A fact that is told in OpenLineage's words, and where it happened. */
export interface Telling {
  readonly fact: Fact;
  readonly platform: OpenLineagePlatform;
}

/** The events that a fact is told by, in order. */
export type Reading = (data: Fact['data'], telling: Telling) => readonly OpenLineageEvent[];

/** Who tells: the same for each event and facet. */
const producer = 'urn:millrace:governance';
const spec = 'https://openlineage.io/spec';
/** A name space of our own: its UUID was drawn once. */
const runNamespace = '5f0a1c55-8f0e-4a54-9d4b-0f6f3c1d7a2e';

type Facet = Readonly<Record<string, unknown>>;
export type Facets = Readonly<Record<string, Facet>>;

/** A dataset as an event names it. */
export interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Facets;
  readonly inputFacets?: Facets;
  readonly outputFacets?: Facets;
}

/** A facet by the version and the name of its schema, e.g. `1-0-1/DatasetVersionDatasetFacet`. */
export function facet(schema: string, members: Facet): Facet {
  const name = schema.slice(schema.indexOf('/') + 1);
  return { _producer: producer, _schemaURL: `${spec}/facets/${schema}.json#/$defs/${name}`, ...members };
}

const event = (kind: 'RunEvent' | 'DatasetEvent' | 'JobEvent', { fact }: Telling): OpenLineageEvent => ({
  eventTime: fact.occurredAt,
  producer,
  schemaURL: `${spec}/2-0-2/OpenLineage.json#/$defs/${kind}`,
});

/** The steps of a project's pipeline, each a job `<project>.<step>`. */
const jobs = {
  journey: 'All that follows from one cause: an upload, drift, a request. Parent of the other runs.',
  intake: 'Makes an upload an immutable, content-addressed version of the dataset.',
  validation: 'Checks a dataset version against the contract; rows that fail go to quarantine.',
  'training-set': 'Builds a point-in-time correct, split training set from validated rows.',
  retrieval: 'Makes a training set of features as they were known at given times.',
  materialization: 'Writes the newest values of a feature view to the online store.',
  training: 'Trains a model on SageMaker and registers the version.',
  evaluation: 'Measures a model on held-out rows and compares it with the champion.',
  registration: 'Records the bytes of a version that a client made.',
  release: 'Gates, approval, endpoint, canary and promotion of a version.',
  rollback: 'Sends all traffic back to the version before.',
  prediction: 'Writes down what a version predicted.',
  'ground-truth': 'Takes what turned out to be true.',
  drift: 'Compares a window of predictions with the reference.',
  performance: 'Joins labels with predictions and measures the model.',
  erasure: 'Erases a data subject from all versions of the dataset.',
} as const;
export type JobName = keyof typeof jobs;

const jobNamespace = ({ platform }: Telling): string => `millrace://${platform.stage}`;

function job(telling: Telling, name: JobName, facets: Facets = {}) {
  return {
    namespace: jobNamespace(telling),
    name: `${telling.fact.project}.${name}`,
    facets: {
      jobType: facet('2-0-4/JobTypeJobFacet', {
        processingType: 'BATCH',
        integration: 'MILLRACE',
        jobType: name === 'journey' ? 'DAG' : 'TASK',
      }),
      documentation: facet('1-1-0/DocumentationJobFacet', { description: jobs[name] }),
      ...facets,
    },
  };
}

/** A run's id follows from its project, step and own id: the same fact told again names the same run. */
export const runIdOf = ({ fact, platform }: Telling, name: JobName, id: string): string =>
  uuidOfName(runNamespace, `${platform.stage}/${fact.project}/${name}/${id}`);

const parentFacet = (telling: Telling): Facet =>
  facet('1-2-0/ParentRunFacet', {
    run: { runId: runIdOf(telling, 'journey', telling.fact.correlationId) },
    job: { namespace: jobNamespace(telling), name: `${telling.fact.project}.journey` },
  });

export interface RunPart {
  readonly job: JobName;
  /** What tells this run from others of the job: an id of the platform. */
  readonly id: string;
  readonly facets?: Facets;
  readonly inputs?: readonly Dataset[];
  readonly outputs?: readonly Dataset[];
}

export type RunState = 'START' | 'RUNNING' | 'COMPLETE' | 'FAIL' | 'ABORT' | 'OTHER';

export const runEvent = (telling: Telling, eventType: RunState, part: RunPart): OpenLineageEvent => ({
  ...event('RunEvent', telling),
  eventType,
  run: {
    runId: runIdOf(telling, part.job, part.id),
    facets: { parent: parentFacet(telling), ...part.facets },
  },
  job: job(telling, part.job),
  inputs: part.inputs ?? [],
  outputs: part.outputs ?? [],
});

/** A run of which only the end is a fact: it starts and ends at that time. */
export const wholeRun = (
  telling: Telling,
  part: RunPart,
  end: 'COMPLETE' | 'FAIL' = 'COMPLETE',
): OpenLineageEvent[] => [
  runEvent(telling, 'START', { job: part.job, id: part.id }),
  runEvent(telling, end, part),
];

export const datasetEvent = (telling: Telling, dataset: Dataset): OpenLineageEvent => ({
  ...event('DatasetEvent', telling),
  dataset,
});

export const jobEvent = (telling: Telling, name: JobName, facets: Facets): OpenLineageEvent => ({
  ...event('JobEvent', telling),
  job: job(telling, name, facets),
  inputs: [],
  outputs: [],
});
