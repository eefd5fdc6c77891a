import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { DiffEngine, DiffRecord, DiffStore, Documents, VersionStore } from '../ports/versions.ts';
import type { Manifests, Projects } from '../ports.ts';
import { type DiffPair, diffInputs, digestOfInputs } from './request-diff.ts';

export interface ComputeDiffDeps {
  readonly store: VersionStore;
  readonly diffs: DiffStore;
  readonly documents: Documents;
  readonly manifests: Manifests;
  readonly projects: Projects;
  readonly engine: DiffEngine;
  readonly clock: Clock;
}

/** Computes a diff that was asked for and keeps it, or why it could not be. A request that another one replaced is left alone; repeating it is safe. */
export async function computeDiff(
  deps: ComputeDiffDeps,
  request: DiffPair & { readonly requestId: string },
): Promise<void> {
  const { requestId, ...pair } = request;
  const found = await deps.diffs.find(pair.project, pair.from, pair.to);
  if (found?.requestId !== requestId || found.status !== 'running') return;
  await deps.diffs.settle(pair, await outcomeOf(deps, pair, found));
}

async function outcomeOf(deps: ComputeDiffDeps, pair: DiffPair, asked: DiffRecord): Promise<DiffRecord> {
  const { documents, engine, manifests, clock } = deps;
  try {
    const inputs = await diffInputs(deps, pair);
    const [from, to] = await Promise.all([
      manifests.read(inputs.from.manifest),
      manifests.read(inputs.to.manifest),
    ]);
    const diff = await engine.compare(inputs, { from: from.objects, to: to.objects });
    const digest = digestOfInputs(inputs);
    const result = await documents.write(pair.project, `diffs/${digest}.json`, diff);
    return { ...asked, inputs: digest, status: 'done', at: clock.now().toISOString(), result };
  } catch (error) {
    // Anything else may be over by the next try.
    if (!(error instanceof AppError) || ['unavailable', 'throttled'].includes(error.kind)) throw error;
    return { ...asked, status: 'failed', at: clock.now().toISOString(), reason: error.message };
  }
}
