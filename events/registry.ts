import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import {
  columnSchema,
  learningTask,
  metricValues,
  projectName,
  sha256,
  storedObject,
} from '#shared/contracts/parts.ts';

/** What a model takes and gives: the order of `inputs` is the order of columns that the artifact expects. */
export const modelSignature = z.object({
  task: learningTask,
  inputs: z.array(columnSchema),
  target: z.string(),
  /** Class labels in the order of the probabilities, as text; for binary the second is the positive class. Empty for regression. */
  classes: z.array(z.string()),
  /**
   * The feature service version that some of the inputs come from; absent where the model sees columns of the data alone. A caller
   * may send the join keys instead of those inputs.
   */
  featureService: z
    .object({
      service: z.string(),
      version: z.int().min(1),
      joinKeys: z.array(z.object({ name: z.string(), type: z.enum(['string', 'integer']) })),
    })
    .optional(),
});
export type ModelSignature = z.infer<typeof modelSignature>;

/** All that is needed to make the same bytes again. */
export const trainingRecipe = z.object({
  datasetVersion: z.int().min(1),
  datasetSha256: z.string(),
  trainingSetId: z.string(),
  trainingSetSha256: z.string(),
  projectRevision: z.int().min(1),
  /** Version of the platform’s code that built it. */
  codeVersion: z.string(),
  /** By digest: `<registry>/<repository>@sha256:…`. */
  trainingImage: z.string(),
  seed: z.int(),
  hyperparameters: z.record(z.string(), z.string()),
});

export const ModelVersionRegistered = defineEvent({
  service: 'registry',
  name: 'ModelVersionRegistered',
  version: 1,
  description: 'A model version was registered; its release begins.',
  data: z.object({
    project: projectName,
    model: z.string(),
    modelVersion: z.int().min(1),
    runId: z.string(),
    trainingId: z.string(),
    artifact: storedObject,
    trainingImage: z.string(),
    signature: modelSignature,
    metrics: metricValues,
    evaluation: z.object({
      verdict: z.enum(['Pass', 'Fail', 'InsufficientData']),
      report: storedObject,
      championVersion: z.int().min(1).optional(),
    }),
    /** What monitoring compares with: training features and held-out predictions, CSV. */
    reference: z.object({ features: storedObject, predictions: storedObject }),
    recipe: trainingRecipe,
    projectRevision: z.int().min(1),
    /** Where MLflow's clients load it from: `mlflow-artifacts:/…`. */
    source: z.string().optional(),
    /** Who caused the training: may not approve where the project says so. */
    requestedBy: z.string(),
  }),
});

/** One version of a model, by its number. */
const versionRef = { project: projectName, model: z.string(), modelVersion: z.int().min(1) };

/** Where a client's version came from. */
const clientOrigin = {
  /** As the client wrote it: `mlflow-artifacts:/…`, `runs:/…`, `models:/…`, `s3://…`. */
  source: z.string(),
  runId: z.string().optional(),
  /** Of the logged model that it was made of (`m-…`). */
  modelId: z.string().optional(),
  createdBy: z.string(),
};

export const ModelVersionCreated = defineEvent({
  service: 'registry',
  name: 'ModelVersionCreated',
  version: 1,
  description: 'A client created a model version; nobody has looked at its bytes yet.',
  data: z.object({
    ...versionRef,
    ...clientOrigin,
    tags: z.record(z.string(), z.string()),
    description: z.string().optional(),
  }),
});

/** What was found behind a version's source. */
export const versionContent = z.object({
  /** NotVerifiable: `reason` says why; such a version is never released. */
  verdict: z.enum(['Verified', 'NotVerifiable']),
  reason: z.string().optional(),
  /** SHA-256 over the sorted list of paths, sizes and SHA-256s: equal bytes have equal digests. */
  digest: sha256.optional(),
  /** That list, with S3's version ids. */
  manifest: storedObject.optional(),
  objects: z.int().min(0).optional(),
  bytes: z.int().min(0).optional(),
});
export type VersionContent = z.infer<typeof versionContent>;

/** Version 1 tells of what a training of the platform registered, this one of what a client did: each version is told of once. */
export const ModelVersionRegisteredV2 = defineEvent({
  service: 'registry',
  name: 'ModelVersionRegistered',
  version: 2,
  description:
    'A version that a client created was registered: its bytes are recorded, its release may begin.',
  data: z.object({
    ...versionRef,
    origin: z.literal('client'),
    ...clientOrigin,
    content: versionContent,
    /** Names of the flavors that its MLmodel file lists. */
    flavors: z.array(z.string()),
    /** The server that it was copied from: such a version is released only where somebody asks for it. */
    importedFrom: z.string().optional(),
  }),
});

export const ModelVersionQuarantined = defineEvent({
  service: 'registry',
  name: 'ModelVersionQuarantined',
  version: 1,
  description:
    'Bytes behind a registered version are others than were registered: it is not released any more.',
  data: z.object({
    ...versionRef,
    reason: z.string(),
    /** Paths below the version's source, at most 20. */
    changed: z.array(z.object({ path: z.string(), finding: z.enum(['Changed', 'Removed', 'Added']) })),
  }),
});

export const ModelAliasMoved = defineEvent({
  service: 'registry',
  name: 'ModelAliasMoved',
  version: 1,
  description: 'An alias (`champion`, `challenger`, …) points to another version than before.',
  data: z.object({
    project: projectName,
    model: z.string(),
    alias: z.string(),
    fromVersion: z.int().min(1).optional(),
    toVersion: z.int().min(1).optional(),
    reason: z.string(),
    /** The model is a prompt of MLflow's prompt registry. */
    isPrompt: z.boolean().optional(),
  }),
});

const tags = z.record(z.string(), z.string());
const changedTag = z.object({
  key: z.string(),
  /** Absent where the tag was deleted. */
  value: z.string().optional(),
});

export const RegisteredModelChanged = defineEvent({
  service: 'registry',
  name: 'RegisteredModelChanged',
  version: 1,
  description: 'A client made, changed, renamed or deleted a registered model or a prompt.',
  data: z.object({
    project: projectName,
    model: z.string(),
    change: z.enum(['created', 'updated', 'renamed', 'tagged', 'untagged', 'deleted']),
    isPrompt: z.boolean(),
    /** The name before, where it was renamed. */
    formerName: z.string().optional(),
    description: z.string().optional(),
    /** All tags, where it was created. */
    tags: tags.optional(),
    /** The one that was set or deleted. */
    tag: changedTag.optional(),
  }),
});

export const PromptVersionCreated = defineEvent({
  service: 'registry',
  name: 'PromptVersionCreated',
  version: 1,
  description: 'A client made a version of a prompt: a text and no files.',
  data: z.object({
    project: projectName,
    prompt: z.string(),
    promptVersion: z.int().min(1),
    description: z.string().optional(),
    /** The text is the tag `mlflow.prompt.text`. */
    tags,
    createdBy: z.string(),
  }),
});

export const ModelVersionChanged = defineEvent({
  service: 'registry',
  name: 'ModelVersionChanged',
  version: 1,
  description: 'A client changed or deleted a version of a model or of a prompt.',
  data: z.object({
    project: projectName,
    model: z.string(),
    modelVersion: z.int().min(1),
    change: z.enum(['updated', 'tagged', 'untagged', 'stage_moved', 'deleted']),
    isPrompt: z.boolean(),
    description: z.string().optional(),
    tag: changedTag.optional(),
    /** Where the stage moved. */
    stage: z.string().optional(),
    fromStage: z.string().optional(),
  }),
});
