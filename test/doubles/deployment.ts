import type { Alarms, EndpointState } from '#services/deployment/ports.ts';
import { createReleaseStore } from '#services/deployment/store/release-store.ts';
import { createEndpoint } from '#services/deployment/use-cases/create-endpoint.ts';
import { promoteVersion } from '#services/deployment/use-cases/end-canary.ts';
import { openRelease } from '#services/deployment/use-cases/open-release.ts';
import { settleEndpoint } from '#services/deployment/use-cases/settle-endpoint.ts';
import { startCanary } from '#services/deployment/use-cases/start-canary.ts';
import { projectDefinition } from '#services/projects/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';

export const definition = projectDefinition.parse({
  name: 'tumour',
  owners: ['local'],
  data: {
    primaryKey: 'id',
    columns: { id: { type: 'string' }, x: { type: 'number' }, y: { type: 'integer' } },
  },
  target: { column: 'y', task: 'binary_classification' },
});
export const clock = manualClock('2026-01-01T00:00:00Z');
const metadata = startingJourney({
  eventId: 'cause',
  occurredAt: clock.now(),
  project: 'tumour',
  actor: { type: 'service', id: 'registry' },
});
const stored = (name: string) => ({ uri: `s3://bucket-of-models/${name}`, sha256: 'a'.repeat(64), bytes: 1 });
export const registered = (modelVersion: number) => ({
  project: 'tumour',
  model: 'tumour',
  modelVersion,
  runId: 'r',
  trainingId: 't',
  artifact: stored(`v${modelVersion}`),
  trainingImage: 'image',
  signature: {
    task: 'binary_classification' as const,
    inputs: [{ name: 'x', type: 'number' as const }],
    target: 'y',
    classes: ['0', '1'],
  },
  metrics: {},
  evaluation: { verdict: 'Pass' as const, report: stored('report') },
  reference: { features: stored('f'), predictions: stored('p') },
  recipe: {
    datasetVersion: 1,
    datasetSha256: 'd',
    trainingSetId: 's',
    trainingSetSha256: 's',
    projectRevision: 1,
    codeVersion: '0',
    trainingImage: 'image',
    seed: 1,
    hyperparameters: {},
  },
  projectRevision: 1,
  requestedBy: 'ada',
});

export type DeploymentWorld = ReturnType<typeof inMemoryDeployment>;

/** Deployment over a table in memory, with SageMaker, alarms and task tokens that do and remember what they are told. */
export function inMemoryDeployment() {
  const table: MemoryTable = createMemoryTable();
  const store = createReleaseStore(table);
  const answers: { token: string; output?: unknown; error?: string }[] = [];
  const hosted = new Map<string, EndpointState>();
  const alarmStates = new Map<string, 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'>();
  const digests = { value: 'a'.repeat(64) };
  const alarms: Alarms = {
    create: async (made) => {
      for (const alarm of made) alarmStates.set(alarm.alarmName, 'INSUFFICIENT_DATA');
    },
    states: async (names) => new Map([...alarmStates].filter(([name]) => names.includes(name))),
    remove: async (names) => {
      for (const name of names) alarmStates.delete(name);
    },
  };
  const deps = {
    store,
    clock,
    alarms,
    stage: 'test',
    ids: sequentialIds('id'),
    projects: { definition: async () => definition },
    artifacts: { digest: async () => digests.value },
    hosting: {
      create: async (name: string) => void hosted.set(name, hosted.get(name) ?? { status: 'changing' }),
      describe: async (name: string) => hosted.get(name) ?? { status: 'absent' as const },
      remove: async (name: string) => void hosted.delete(name),
    },
    tokens: {
      succeed: async (token: string, output: unknown) => void answers.push({ token, output }),
      fail: async (token: string, error: string) => void answers.push({ token, error }),
    },
    endpointName: (project: string, modelVersion: number) => `${project}-v${modelVersion}`,
  };
  const step = (modelVersion: number) => ({ project: 'tumour', releaseId: `r${modelVersion}`, metadata });
  /** Everything up to the canary, the endpoint in service. */
  const deploy = async (modelVersion: number) => {
    await openRelease(deps, { releaseId: `r${modelVersion}`, version: registered(modelVersion) });
    await createEndpoint(deps, { ...step(modelVersion), taskToken: `token-${modelVersion}` });
    hosted.set(`tumour-v${modelVersion}`, { status: 'in_service' });
    await settleEndpoint(deps, `tumour-v${modelVersion}`);
    return startCanary(deps, { ...step(modelVersion), endpointName: `tumour-v${modelVersion}` });
  };
  const promote = (modelVersion: number) =>
    promoteVersion(deps, { ...step(modelVersion), endpointName: `tumour-v${modelVersion}` });
  const shares = async () =>
    (await store.readRouting('tumour'))?.versions.map(({ modelVersion, share }) => [modelVersion, share]);
  const published = () => table.published.map((event) => event.detailType);
  return { deps, store, answers, hosted, alarmStates, digests, step, deploy, promote, shares, published };
}
