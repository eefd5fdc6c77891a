import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { Item } from '#shared/aws/table.ts';
import { defaultArtifactLocation } from '../domain/experiment.ts';
import type { LifecycleStage } from '../domain/run.ts';
import type { SealedSource } from '../ports/sealed-sources.ts';
import { type FormerRun, runOfFormer } from './former-runs.ts';
import { experimentSort, experimentsPartition, runSort, runsPartition, shardOf } from './keys.ts';
import { modelItemKinds, type StoredModelItems } from './model-items.ts';
import { encodeDocument, type StoredDocument } from './run-document.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  experiment: {
    key: /^EXPERIMENT#.+ \/ EXPERIMENT$/,
    schemaVersion: 2,
    upcasts: { 1: experimentOfVersion1 },
  },
  experimentName: { key: /^EXPERIMENTNAME#.+ \/ EXPERIMENT$/, schemaVersion: 1 },
  run: { key: /^RUN#.+ \/ RUN$/, schemaVersion: 2, upcasts: { 1: runOfVersion1 } },
  runPart: { key: /^RUN#.+ \/ PART#\d+#\d+$/, schemaVersion: 1 },
  dataset: { key: /^DATASETS#.+ \/ DATASET#.+$/, schemaVersion: 1 },
  datasetUse: { key: /^DATASETS#.+ \/ USED#.+$/, schemaVersion: 1 },
  metricBlock: { key: /^METRICS#.+ \/ (LOOSE|MERGED|PACKED#[0-9a-f]{16})#.+$/, schemaVersion: 1 },
  sealedSource: { key: /^SEALED#.+ \/ SOURCE#.+$/, schemaVersion: 1 },
  ...modelItemKinds,
} as const satisfies ItemKinds;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems extends StoredModelItems {
  readonly experiment: Stored<
    {
      readonly experimentId: string;
      readonly name: string;
      readonly project: string;
      readonly artifactLocation: string;
      readonly lifecycleStage: LifecycleStage;
      readonly creationTime: number;
      readonly lastUpdateTime: number;
      readonly tags: Readonly<Record<string, string>>;
      /** Counts changes; a change replaces only what it read. */
      readonly revision: number;
      readonly gsi1pk: string;
      readonly gsi1sk: string;
    },
    2
  >;
  readonly experimentName: Stored<{ readonly experimentId: string }>;
  readonly run: Stored<
    {
      readonly experimentId: string;
      readonly project: string;
      readonly lifecycleStage: LifecycleStage;
      readonly revision: number;
      /** Empty where the run is in parts. */
      readonly document: StoredDocument;
      /** The newest points of the run's histories, as a block, until they are enough for one of their own. */
      readonly newestPoints?: Uint8Array;
      readonly looseBlocks: number;
      readonly blocks: number;
      /** Items of its own that hold the document, where it is too big for this one. */
      readonly parts: number;
      readonly gsi1pk: string;
      readonly gsi1sk: string;
    },
    2
  >;
  readonly runPart: Stored<{ readonly document: Uint8Array }>;
  readonly metricBlock: Stored<{ readonly points: Uint8Array }>;
  readonly sealedSource: Stored<SealedSource>;
  readonly dataset: Stored<{
    readonly name: string;
    readonly digest: string;
    /** Source, schema and profile as deflated JSON. */
    readonly description?: Uint8Array;
    /** Where that is, if it is too big for an item. */
    readonly uri?: string;
  }>;
  readonly datasetUse: Stored<{ readonly name: string; readonly digest: string; readonly context?: string }>;
}

/** Release 0.1 knew experiments of projects alone, and had none of them in the index. */
function experimentOfVersion1(item: Item): Item {
  const experimentId = String(item['experimentId']);
  const creationTime = Date.parse(String(item['creationTime']));
  return {
    ...item,
    artifactLocation: defaultArtifactLocation(experimentId),
    creationTime,
    lastUpdateTime: creationTime,
    tags: {},
    revision: 0,
    gsi1pk: experimentsPartition('active'),
    gsi1sk: experimentSort(creationTime, experimentId),
  };
}

/** Release 0.1 knew runs of trainings alone, as maps of params, metrics and tags. */
function runOfVersion1({ pk, sk, run: former }: Item): Item {
  const run = runOfFormer(former as FormerRun);
  const { runId, experimentId, project, lifecycleStage, startTime } = run;
  return {
    pk,
    sk,
    experimentId,
    project,
    lifecycleStage,
    revision: 0,
    document: encodeDocument(run),
    looseBlocks: 0,
    blocks: 0,
    parts: 0,
    gsi1pk: runsPartition(experimentId, lifecycleStage, shardOf(runId)),
    gsi1sk: runSort(startTime, runId),
  };
}
