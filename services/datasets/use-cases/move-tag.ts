import { DatasetTagMoved } from '#events/datasets.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { VersionStore } from '../ports/versions.ts';
import { presentVersion } from './present-version.ts';

export interface MoveTagDeps {
  readonly store: VersionStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

interface TagInput {
  readonly project: string;
  readonly tag: string;
  readonly requestedBy: string;
}

/** People who move the same tag at once come one after the other. */
const maxAttempts = 5;

/** Puts a tag on a version; on the same one again it changes nothing. Throws DatasetVersionNotFound, DatasetVersionGone. */
export function putTag(
  deps: MoveTagDeps,
  input: TagInput & { readonly datasetVersion: number },
): Promise<{ tag: string; datasetVersion: number; from?: number }> {
  const { project, tag, datasetVersion, requestedBy } = input;
  return untilNobodyElse(async () => {
    const before = await deps.store.tag(project, tag);
    if (before?.datasetVersion === datasetVersion) return { tag, datasetVersion };
    await presentVersion(deps.store, input);
    const after = { tag, datasetVersion, taggedAt: deps.clock.now().toISOString(), taggedBy: requestedBy };
    const from = before ? { from: before.datasetVersion } : {};
    await deps.store.moveTag(
      { project, tag, before, after },
      DatasetTagMoved.create(metadata(deps, input), { project, tag, datasetVersion, ...from }),
    );
    return { tag, datasetVersion, ...from };
  });
}

/** Takes a tag away. Throws DatasetTagNotFound. */
export function removeTag(deps: MoveTagDeps, input: TagInput): Promise<{ tag: string; from: number }> {
  const { project, tag } = input;
  return untilNobodyElse(async () => {
    const before = await deps.store.tag(project, tag);
    if (!before)
      throw new AppError(
        'not_found',
        'DatasetTagNotFound',
        `The dataset of '${project}' has no tag '${tag}'. GET /v1/projects/${project}/dataset-tags lists those that there are.`,
      );
    const from = before.datasetVersion;
    await deps.store.moveTag(
      { project, tag, before },
      DatasetTagMoved.create(metadata(deps, input), { project, tag, from }),
    );
    return { tag, from };
  });
}

const metadata = ({ clock, ids }: MoveTagDeps, { project, requestedBy }: TagInput) =>
  startingJourney({
    eventId: ids.next(),
    occurredAt: clock.now(),
    project,
    actor: { type: 'user', id: requestedBy },
  });

async function untilNobodyElse<Result>(move: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await move();
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'TagRaced') || attempt === maxAttempts) throw error;
    }
  }
}
