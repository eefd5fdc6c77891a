import { readFileSync } from 'node:fs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parse } from 'csv-parse/sync';
import { GroundTruthReceived, PredictionBatchCaptured } from '#events/predictions.ts';
import { ModelVersionRegistered } from '#events/registry.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { BucketPurpose } from '#shared/kernel/names.ts';
import type { RunningPlatform } from './running-platform.ts';

type Row = Readonly<Record<string, string>>;

export const project = 'tumour';
export const example = (file: string) =>
  readFileSync(new URL(`../../examples/tumour/${file}`, import.meta.url), 'utf8');
const rowsOf = (file: string) => parse(example(`data/${file}`), { columns: true }) as Row[];
export const known = rowsOf('first-upload.csv');
export const shifted = rowsOf('shifted-rows.csv');
export const shiftedLabels = rowsOf('shifted-labels.csv');
export const inputs = Object.keys(known[0]!).filter((name) => !['sample_id', 'malignant'].includes(name));

/** A stand-in for a model: large nuclei are malignant. */
const probabilityOf = (row: Row): number => 1 / (1 + Math.exp(-(Number(row['worst_area']) - 880) / 120));
const featuresOf = (row: Row) => Object.fromEntries(inputs.map((name) => [name, Number(row[name])]));
export const idOf = (row: Row): string => `i-${row['sample_id']}`;

const metadataOf = (eventId: string, service: string) =>
  startingJourney({ eventId, occurredAt: new Date(), project, actor: { type: 'service', id: service } });

/** Does to a running platform what registry and predictions would do for version 1 of the example's model. */
export function monitoredModel(platform: RunningPlatform) {
  async function put(bucket: BucketPurpose, Key: string, text: string): Promise<StoredObject> {
    const Bucket = platform.runtime.endpoints.buckets[bucket]!;
    const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
    await new S3Client({ endpoint, region, credentials, forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket, Key, Body: text }),
    );
    return { uri: `s3://${Bucket}/${Key}`, sha256: sha256Hex(text), bytes: Buffer.byteLength(text) };
  }

  /** With a failed gate its release ends at once; one that passed waits for people. */
  async function register(verdict: 'Pass' | 'Fail' = 'Fail'): Promise<void> {
    const trained = known.slice(0, 140);
    const csv = (values: readonly (readonly unknown[])[]) =>
      `${values.map((row) => row.join(',')).join('\n')}\n`;
    const features = await put(
      'data',
      'feature-store/tumour/set/train-features.csv',
      csv(trained.map((row) => inputs.map((name) => row[name]))),
    );
    const predictions = await put(
      'data',
      'transform/tumour/training/challenger/test-features.csv.out',
      csv(trained.map((row) => [probabilityOf(row)])),
    );
    await platform.publish(
      ModelVersionRegistered.create(metadataOf('registered-1', 'registry'), {
        project,
        model: project,
        modelVersion: 1,
        runId: 'run',
        trainingId: 'training',
        artifact: features,
        trainingImage: 'image',
        signature: {
          task: 'binary_classification',
          inputs: inputs.map((name) => ({ name, type: 'number' as const })),
          target: 'malignant',
          classes: ['0', '1'],
        },
        metrics: {},
        evaluation: { verdict, report: features },
        reference: { features, predictions },
        recipe: {
          datasetVersion: 1,
          datasetSha256: features.sha256,
          trainingSetId: 'set',
          trainingSetSha256: features.sha256,
          projectRevision: 1,
          codeVersion: '0',
          trainingImage: 'image',
          seed: 17,
          hyperparameters: {},
        },
        projectRevision: 1,
        requestedBy: 'ada',
      }),
    );
  }

  /** Captures rows as the predictions service does. */
  async function capture(name: string, rows: readonly Row[]) {
    const at = new Date().toISOString();
    const lines = rows.map((row) => {
      const probability = probabilityOf(row);
      return JSON.stringify({
        inferenceId: idOf(row),
        project,
        model: project,
        modelVersion: 1,
        at,
        features: featuresOf(row),
        prediction: {
          value: probability >= 0.5 ? '1' : '0',
          probabilities: { 0: 1 - probability, 1: probability },
        },
        caller: 'app',
      });
    });
    const stored = await put('captures', `predictions/tumour/v1/${name}.jsonl`, `${lines.join('\n')}\n`);
    const event = PredictionBatchCaptured.create(metadataOf(`captured-${name}`, 'predictions'), {
      project,
      model: project,
      modelVersion: 1,
      count: lines.length,
      firstAt: at,
      lastAt: at,
      capture: stored,
    });
    await platform.publish(event);
    return event;
  }

  async function label(
    name: string,
    labels: readonly { inferenceId: string; value: number }[],
  ): Promise<void> {
    const at = new Date().toISOString();
    const text = labels.map((line) => JSON.stringify({ ...line, at })).join('\n');
    const stored = await put('captures', `ground-truth/tumour/${name}.jsonl`, `${text}\n`);
    await platform.publish(
      GroundTruthReceived.create(metadataOf(`labels-${name}`, 'predictions'), {
        project,
        count: labels.length,
        labels: stored,
      }),
    );
  }

  return { register, capture, label };
}
