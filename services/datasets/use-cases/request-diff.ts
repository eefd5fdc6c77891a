import { DatasetDiffRequested } from '#events/datasets.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { datasetDiff } from '../contract.ts';
import type {
  DatasetDiff,
  DiffInputs,
  DiffRecord,
  DiffStore,
  Documents,
  VersionStore,
} from '../ports/versions.ts';
import type { Projects } from '../ports.ts';
import { presentVersion } from './present-version.ts';

export interface DiffPair {
  readonly project: string;
  readonly from: number;
  readonly to: number;
}

export interface RequestDiffDeps {
  readonly store: VersionStore;
  readonly diffs: DiffStore;
  readonly documents: Documents;
  readonly projects: Projects;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

export type DiffAnswer =
  | { readonly status: 'running' }
  | { readonly status: 'failed'; readonly reason: string }
  | { readonly status: 'done'; readonly diff: DatasetDiff };

/** Longer than the function that computes diffs may run: nobody works on it any more. */
const abandonedMs = 20 * 60_000;
/** A failure is told for so long; who asks later has it tried again. */
const failureMs = 60_000;

/** The diff, if it is there; else has it computed. Throws DatasetVersionNotFound, DatasetVersionGone, InvalidDiff. */
export async function requestDiff(
  deps: RequestDiffDeps,
  input: DiffPair & { readonly requestedBy: string },
): Promise<DiffAnswer> {
  const { project, from, to, requestedBy } = input;
  const inputs = digestOfInputs(await diffInputs(deps, input));
  const found = await deps.diffs.find(project, from, to);
  const now = deps.clock.now();
  if (found && found.inputs === inputs) {
    const ageMs = now.getTime() - Date.parse(found.at);
    if (found.status === 'done')
      return { status: 'done', diff: datasetDiff.parse(await deps.documents.read(found.result!)) };
    if (found.status === 'failed' && ageMs < failureMs)
      return { status: 'failed', reason: found.reason ?? 'It is not known why.' };
    if (found.status === 'running' && ageMs < abandonedMs) return { status: 'running' };
  }
  const requestId = deps.ids.next();
  const record: DiffRecord = { requestId, inputs, status: 'running', at: now.toISOString() };
  const actor = { type: 'user' as const, id: requestedBy };
  const metadata = startingJourney({ eventId: requestId, occurredAt: now, project, actor });
  try {
    const requested = DatasetDiffRequested.create(metadata, { project, from, to });
    await deps.diffs.request({ project, from, to }, record, found, requested);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'DiffRaced')) throw error;
  }
  return { status: 'running' };
}

/** What a diff of two versions is computed of now. */
export async function diffInputs(
  { store, projects }: Pick<RequestDiffDeps, 'store' | 'projects'>,
  { project, from, to }: DiffPair,
): Promise<DiffInputs> {
  if (from >= to)
    throw new AppError(
      'invalid_input',
      'InvalidDiff',
      `Version ${from} is not older than version ${to}. Name the older one in \`from\`: /dataset-versions/${Math.max(from, to)}/diff?from=${Math.min(from, to)}.`,
    );
  const [before, after, revision] = await Promise.all([
    presentVersion(store, { project, datasetVersion: from }),
    presentVersion(store, { project, datasetVersion: to }),
    projects.find(project),
  ]);
  const data = revision?.definition.data;
  const hasKey = [before, after].every(({ columns }) =>
    columns.some(({ name }) => name === data?.primaryKey),
  );
  return {
    project,
    from: before,
    to: after,
    ...(hasKey ? { primaryKey: data?.primaryKey } : {}),
    missingValues: data?.missingValues ?? [],
    sensitiveColumns: Object.entries(data?.columns ?? {}).flatMap(([name, { sensitive }]) =>
      sensitive ? [name] : [],
    ),
  };
}

/** Equal for diffs that are the same. */
export const digestOfInputs = ({ from, to, ...rest }: DiffInputs): string =>
  digestOf({ ...rest, from: from.contentSha256, to: to.contentSha256 });
