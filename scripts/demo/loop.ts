import type * as z from 'zod';
import { decideApproval, readApproval } from '#services/approvals/contract.ts';
import { type Journey, readLineage, verifyAuditChain } from '#services/governance/contract.ts';
import { readDrift, readPerformance } from '#services/monitoring/contract.ts';
import { isTrained, listModelVersions } from '#services/registry/contract.ts';
import { listTrainings } from '#services/training/contract.ts';
import type { ApiClient } from '../cli/client.ts';
import { exampleFile, exampleProject, start as startExample } from '../cli/commands/example.ts';
import { predictRows, type RowPrediction, sendLabels } from '../cli/commands/predictions.ts';
import { uploadFile } from '../cli/commands/upload.ts';
import { followJourney, settledOrWaiting } from '../cli/follow.ts';
import { figure } from '../cli/output.ts';
import { readCsv } from '../cli/rows.ts';

/** What the steps know of each other. */
export interface LoopState {
  predictions: readonly RowPrediction[];
  approvalId: string;
}

export interface LoopContext {
  readonly client: ApiClient;
  readonly show: (journey: Journey) => void;
  readonly state: LoopState;
}

/** One step of the loop: what it does, and in one line what came of it. Throws when it did not come. */
export interface LoopStep {
  readonly title: string;
  run(context: LoopContext): Promise<string>;
}

const project = exampleProject;
const journeySeconds = 240;

const has = (journey: Journey, step: string): boolean => journey.steps.some((entry) => entry.step === step);

async function follow(
  { client, show }: LoopContext,
  which: (journey: Journey) => boolean,
  until: (journey: Journey) => boolean = settledOrWaiting,
): Promise<Journey> {
  return followJourney(client, { project, which, until, onUpdate: show, timeoutSeconds: journeySeconds });
}

/** Follows until people are asked; anything else is a failure of the loop. */
async function untilApproval(context: LoopContext, which: (journey: Journey) => boolean): Promise<string> {
  const journey = await follow(context, which);
  if (journey.waitingFor?.kind !== 'approval')
    throw new Error(
      `the journey is ${journey.status} instead of waiting for approval: ${failureOf(journey)}`,
    );
  context.state.approvalId = journey.waitingFor.approvalId;
  return journey.steps.find((step) => step.step === 'evaluation')?.summary ?? '';
}

const failureOf = (journey: Journey): string =>
  journey.steps.find((step) => step.status === 'failed')?.summary ?? journey.steps.at(-1)?.summary ?? '';

async function approve(context: LoopContext): Promise<void> {
  const params = { approvalId: context.state.approvalId };
  const { subjectDigest } = await context.client.call(readApproval, { params });
  await context.client.call(decideApproval, {
    params,
    body: { decision: 'approved', comment: 'Approved by the demo.', subjectDigest },
  });
}

async function untilServing(context: LoopContext, which: (journey: Journey) => boolean): Promise<string> {
  const journey = await follow(
    context,
    which,
    (update) => update.status === 'done' || update.status === 'failed',
  );
  if (journey.status === 'failed') throw new Error(`the release failed: ${failureOf(journey)}`);
  return journey.steps.find((step) => step.step === 'promotion')?.summary ?? '';
}

const isFirst = (journey: Journey): boolean => has(journey, 'upload') && has(journey, 'training_set');
const isRetraining = (journey: Journey): boolean => has(journey, 'drift') && has(journey, 'training_set');

const classes = (predictions: readonly RowPrediction[]): string => {
  const counts = Object.entries(Object.groupBy(predictions, (row) => String(row.value))).map(
    ([value, rows]) => `${rows?.length ?? 0} × ${value}`,
  );
  return `${predictions.length} rows by version ${[...new Set(predictions.map((row) => row.modelVersion))].join(', ')}: ${counts.join(', ')}`;
};

const firstModel: readonly LoopStep[] = [
  {
    title: 'First upload to approval',
    async run(context) {
      await startExample(context.client);
      return untilApproval(context, isFirst);
    },
  },
  {
    title: 'Approval, canary, promotion',
    async run(context) {
      await approve(context);
      return untilServing(context, isFirst);
    },
  },
  {
    title: 'Predictions',
    async run({ client }) {
      return classes(await predictRows(client, project, readCsv(exampleFile('data/rows.csv')), 20));
    },
  },
];

const decay: readonly LoopStep[] = [
  {
    title: 'Later upload, shifted',
    async run(context) {
      await uploadFile(context.client, project, exampleFile('data/shifted-upload.csv'));
      const journey = await follow(
        context,
        (update) => update.cause.endsWith('shifted-upload.csv') && update.status !== 'running',
      );
      return journey.steps.map((step) => step.summary).at(-1) ?? '';
    },
  },
  {
    title: 'Predictions on shifted rows',
    async run(context) {
      context.state.predictions = await predictRows(
        context.client,
        project,
        readCsv(exampleFile('data/shifted-rows.csv')),
        10,
      );
      return classes(context.state.predictions);
    },
  },
  {
    title: 'Ground truth',
    async run({ client, state }) {
      const labels = new Map(
        readCsv(exampleFile('data/shifted-labels.csv')).map((row) => [row['sample_id'], row['malignant']]),
      );
      const accepted = await sendLabels(
        client,
        project,
        state.predictions.map(({ key, inferenceId }) => ({ inferenceId, value: Number(labels.get(key)) })),
      );
      return `${accepted} labels`;
    },
  },
  {
    title: 'Drift to approval',
    run: (context) => untilApproval(context, isRetraining),
  },
];

const secondModel: readonly LoopStep[] = [
  {
    title: 'Approval, canary with traffic, promotion',
    async run(context) {
      await approve(context);
      const traffic = keepPredicting(context.client);
      try {
        return await untilServing(context, isRetraining);
      } finally {
        await traffic.stop();
      }
    },
  },
  {
    title: 'Retraining asked for once',
    async run({ client }) {
      const { items } = await client.call(listTrainings, { params: { project } });
      if (items.length !== 2)
        throw new Error(
          `${items.length} trainings ran; 2 were expected: ${items.map((item) => `${item.trigger} (${item.status})`).join(', ')}`,
        );
      return items
        .map((item) => `${item.trigger} → version ${item.modelVersion}`)
        .reverse()
        .join(', ');
    },
  },
  {
    title: 'Audit and lineage',
    async run({ client, state }) {
      const audit = await client.call(verifyAuditChain, { params: { project } });
      if (!audit.intact) throw new Error(`the audit chain breaks at entry ${audit.brokenAt}`);
      const id = state.predictions[0]?.inferenceId ?? '';
      const graph = await client.call(readLineage, { params: { project, kind: 'prediction', id } });
      const upload = graph.nodes.find((node) => node.kind === 'upload');
      if (!upload) throw new Error(`the lineage of prediction ${id} does not reach an upload`);
      return `${audit.entries} entries intact; prediction ${id} leads back to ${upload.label.split('/').at(-1)}`;
    },
  },
];

/** The loop of the platform, from the first upload to the retrained model in service. */
export const loop: readonly LoopStep[] = [...firstModel, ...decay, ...secondModel];

/** Sends a few rows twice a second, so that the canary has something to be judged by. */
function keepPredicting(client: ApiClient): { stop(): Promise<void> } {
  const rows = readCsv(exampleFile('data/shifted-rows.csv'));
  const stopping = new AbortController();
  const running = (async () => {
    for (let i = 0; !stopping.signal.aborted; i = (i + 5) % rows.length) {
      await predictRows(client, project, rows.slice(i, i + 5), 5);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

type Drift = z.output<typeof readDrift.response>['evaluations'][number];

/** What the loop left behind: model versions with their metrics, and the drift that was seen. */
export async function findings(
  client: ApiClient,
): Promise<{ versions: (string | number)[][]; drift: (string | number)[][] }> {
  const params = { project };
  const [models, drifts, performance] = await Promise.all([
    client.call(listModelVersions, { params }),
    client.call(readDrift, { params, query: {} }),
    client.call(readPerformance, { params, query: {} }),
  ]);
  const worstOf = (evaluation: Drift): string =>
    [...evaluation.scores]
      .sort((a, b) => b.psi - a.psi)
      .slice(0, 3)
      .map((score) => `${score.subject} ${score.psi.toFixed(2)}`)
      .join(', ');
  const accuracyOf = (windowId: string): string => {
    const measured = performance.measurements.find((item) => item.window.windowId === windowId);
    return measured
      ? Object.entries(measured.metrics)
          .slice(0, 2)
          .map(([name, value]) => `${name} ${figure(value)}`)
          .join(', ')
      : '';
  };
  return {
    versions: models.items
      .filter(isTrained)
      .reverse()
      .map((item) => [
        item.modelVersion,
        item.aliases.join(', '),
        item.recipe.datasetVersion,
        ...['auc', 'accuracy', 'recall'].map((name) => figure(item.metrics[name] ?? Number.NaN)),
      ]),
    drift: [...drifts.evaluations]
      .reverse()
      .map((item) => [
        item.modelVersion,
        item.window.predictions,
        item.verdict,
        item.scores.filter((score) => score.drifted).length,
        worstOf(item),
        accuracyOf(item.window.windowId),
      ]),
  };
}
