import type { DatasetManifest } from '#services/datasets/contract.ts';
import { type ProjectDefinition, projectDefinition } from '#services/projects/contract.ts';
import type { CheckPlan, StoredOutcome } from '#services/validation/domain/check-plan.ts';
import type {
  Check,
  Datasets,
  Dispatcher,
  Documents,
  ProcessingJobs,
  Projects,
} from '#services/validation/ports.ts';
import { createCheckStore } from '#services/validation/store/check-store.ts';
import { createOutcomes } from '#services/validation/store/outcomes.ts';
import { createSuggestionStore } from '#services/validation/store/suggestion-store.ts';
import { createValidationStore } from '#services/validation/store/validation-store.ts';
import { type AdvanceChecksDeps, advanceChecks } from '#services/validation/use-cases/advance-checks.ts';
import { type RunCheckDeps, runCheck } from '#services/validation/use-cases/run-check.ts';
import type { JobOutcome } from '#shared/aws/processing-jobs.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from './memory-table.ts';

export const project = 'wine';
export const objectOf = (name: string, bytes = 100): StoredObject => ({
  uri: `s3://data/${name}`,
  sha256: digestOf(name),
  bytes,
});

const definitionOf = (data: Record<string, unknown>): ProjectDefinition =>
  projectDefinition.parse({
    name: project,
    owners: ['ada'],
    data: { primaryKey: 'id', checks: { minRows: 10 }, ...data },
    target: { column: 'y', task: 'regression' },
  });
export const contractColumns = { id: { type: 'string' }, x: { type: 'number' }, y: { type: 'integer' } };

/** What a check of 100 rows found, `bad` of them in quarantine. */
export function checkedRows(bad = 0, releasedRows = 0): StoredOutcome {
  const range = {
    check: 'range' as const,
    column: 'x',
    severity: 'error' as const,
    outcome: bad > 0 ? ('failed' as const) : ('passed' as const),
    passed: bad === 0,
    observed: `${bad} rows break it`,
    expected: 'at least 0',
    failingRows: bad,
  };
  return {
    result: {
      kind: 'checked',
      outcome: {
        verdict: bad > 0 ? 'Warn' : 'Pass',
        rows: 100,
        validRows: 100 - bad,
        quarantinedRows: bad,
        releasedRows,
        checks: [range],
      },
      profile: objectOf('profile'),
      validated: objectOf(`validated-${bad}`),
      ...(bad > 0 ? { quarantine: objectOf('quarantine') } : {}),
    },
    engine: { kind: 'function', name: 'check-rows-small', memoryMb: 1769, seconds: 0.1 },
  };
}

/** What a version without contract suggests. */
export const profiledRows = (): StoredOutcome => ({
  result: {
    kind: 'profiled',
    rows: 100,
    profile: objectOf('profile'),
    suggested: {
      contract: { ...planContract(), columns: planContract(contractColumns).columns },
      evidence: [{ path: 'columns.x.type', seen: '100 of 100 values are numbers', support: 1 }],
      warnings: [],
    },
  },
});
const planContract = (columns: Record<string, unknown> = {}) => {
  const { primaryKey, missingValues, checks, rules, columns: parsed } = definitionOf({ columns }).data;
  return { primaryKey, missingValues, columns: parsed, checks, rules };
};

/** The validation service on a table in memory, with neighbours that answer what a test says. */
export function inMemoryValidation(
  options: { contract?: boolean; objectBytes?: number; functionMaxBytes?: number; image?: boolean } = {},
) {
  const table = createMemoryTable();
  const clock = manualClock('2026-01-02T00:00:00.000Z');
  const revisions = [definitionOf(options.contract === false ? {} : { columns: contractColumns })];
  const documents = new Map<string, unknown>();
  const woken: string[] = [];
  const invoked: string[] = [];
  const created: string[] = [];
  const jobOutcomes = new Map<string, JobOutcome>();
  const deleted: { kept: readonly string[]; former: readonly string[] }[] = [];
  const world = { outcome: checkedRows() as StoredOutcome | Error, violations: [] as string[] };

  const manifest: DatasetManifest = {
    schemaVersion: 2,
    project,
    columns: ['id', 'x', 'y'].map((name) => ({ name, type: 'string' })),
    objects: [
      {
        ...objectOf('upload', options.objectBytes ?? 100),
        rows: 100,
        availableAt: '2026-01-01T00:00:00.000Z',
        reading: { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' },
        path: 'a.csv',
      },
    ],
  };
  const projects: Projects = {
    async revision(name, revision = revisions.length) {
      const definition = revisions[revision - 1];
      if (!definition || name !== project)
        throw new AppError('not_found', 'ProjectNotFound', `There is no project '${name}'.`);
      return {
        project: name,
        revision,
        definition,
        definitionSha256: digestOf(definition),
        appliedAt: '2026-01-01T00:00:00.000Z',
        appliedBy: 'ada',
      };
    },
    contractViolations: async () => world.violations,
  };
  const datasets: Datasets = {
    version: async (name, datasetVersion) => ({
      project: name,
      datasetVersion,
      contentSha256: digestOf('manifest'),
      manifest: objectOf('manifest'),
      rows: 100,
      bytes: 100,
      columns: manifest.columns,
      createdAt: '2026-01-01T00:00:00.000Z',
      sourceKey: 'incoming/wine/a.csv',
      projectRevision: 1,
    }),
    manifest: async () => manifest,
  };
  const write = async (document: unknown): Promise<StoredObject> => {
    const object = objectOf(digestOf(document));
    documents.set(object.uri, structuredClone(document));
    return object;
  };
  const read = async <Document>({ uri }: StoredObject): Promise<Document> => documents.get(uri) as Document;
  const stored: Documents = {
    writeReport: write,
    readReport: read,
    writePlan: write,
    readPlan: read,
    readProfile: read,
    writeSuggestion: write,
    readSuggestion: read,
    writeContract: (_project, _version, contract) => write(contract),
    writeInputManifests: async (plan) => [{ bucket: 'data', manifest: await write(plan.check.objects) }],
  };
  const dispatcher: Dispatcher = {
    wake: async (_project, datasetVersion) => void woken.push(`version ${datasetVersion}`),
    invoke: async (engine, { checkId }) => void invoked.push(`${engine} ${checkId}`),
  };
  const jobs: ProcessingJobs = {
    imageUri: options.image === false ? undefined : 'image',
    create: async ({ jobName }) => {
      if (!jobOutcomes.has(jobName)) created.push(jobName);
      jobOutcomes.set(jobName, { status: 'running' });
    },
    describe: async (jobName) => jobOutcomes.get(jobName) ?? { status: 'absent' },
    stop: async (jobName) => void jobOutcomes.set(jobName, { status: 'failed', reason: 'stopped' }),
    outcome: async () => await outcome(),
  };
  const outcome = async (): Promise<StoredOutcome> => {
    if (world.outcome instanceof Error) throw world.outcome;
    return world.outcome;
  };
  const deps: AdvanceChecksDeps & RunCheckDeps = {
    projects,
    datasets,
    documents: stored,
    dispatcher,
    jobs,
    checker: { check: async (_plan: CheckPlan) => await outcome() },
    copies: {
      deleteAllBut: async (_version, kept, former) =>
        void deleted.push({ kept: kept.map(({ uri }) => uri), former: former.map(({ uri }) => uri) }),
    },
    checks: createCheckStore(table, clock),
    store: createValidationStore(table),
    suggestions: createSuggestionStore(table),
    outcomes: createOutcomes(table),
    clock,
    stage: 'local',
    functionMaxBytes: options.functionMaxBytes ?? 1_000_000_000,
  };
  return {
    deps,
    table,
    clock,
    world,
    woken,
    invoked,
    created,
    jobOutcomes,
    deleted,
    documents,
    ids: sequentialIds('R'),
    /** Applies another definition of the project's data. */
    apply: (data: Record<string, unknown>) => revisions.push(definitionOf(data)),
    /** Facts that were published, by name and what they say. */
    facts: () => table.published.map(({ detailType, detail }) => ({ name: detailType, ...detail })),
    open: async (datasetVersion = 1): Promise<readonly Check[]> => deps.checks.list(project, datasetVersion),
  };
}

/** DatasetVersionCreated of a version, as far as a check needs it. */
export const createdVersion = (datasetVersion = 1) => ({
  metadata: startingJourney({
    eventId: `upload-${datasetVersion}`,
    occurredAt: new Date(Date.UTC(2026, 0, 1, 0, datasetVersion)),
    project,
    actor: { type: 'user', id: 'ada' },
  }),
  data: {
    project,
    datasetVersion,
    contentSha256: digestOf('manifest'),
    manifest: objectOf('manifest'),
    rows: 100,
    bytes: 100,
    columns: [],
    source: { bucket: 'uploads', key: 'incoming/wine/a.csv' },
    projectRevision: 1,
  },
});

/** Does whatever the checks of a version ask for, until nothing is left. */
export async function finishChecks(
  world: ReturnType<typeof inMemoryValidation>,
  datasetVersion = 1,
): Promise<void> {
  const version = { project, datasetVersion };
  for (let [check] = await world.open(datasetVersion); check; [check] = await world.open(datasetVersion)) {
    await advanceChecks(world.deps, version);
    await runCheck(world.deps, { ...version, checkId: check.checkId });
  }
}
