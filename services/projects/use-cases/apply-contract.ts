import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { contractOf, type DataContract, type ProjectDefinition } from '../contract.ts';
import { hasContract, withContract } from '../domain/contract-rules.ts';
import { contractViolationsFor } from '../domain/project-rules.ts';
import type { Consumed, ProjectStore } from '../ports.ts';
import { datasetsOf } from './foreign-datasets.ts';
import { readProject } from './read-projects.ts';
import { type Applied, type ApplyDeps, journeyOf, saveRevision } from './save-revision.ts';

/**
 * Gives a project the contract that `read` gives, as its next revision; the same contract makes none. Throws ProjectNotFound, what `read`
 * throws, and ProjectChanged (conflict).
 */
export async function applyContract(
  deps: ApplyDeps,
  input: {
    readonly project: string;
    readonly read: (
      definition: ProjectDefinition,
      datasets: ReadonlyMap<string, ProjectDefinition['data']>,
    ) => DataContract;
    readonly appliedBy: string;
    /** Only tells whether it could be applied, and whether anything would change. */
    readonly isDryRun?: boolean;
  },
): Promise<Applied> {
  const { project, read, appliedBy, isDryRun = false } = input;
  const newest = await readProject(deps.store, { project });
  const datasets = await datasetsOf(deps.store, newest.definition);
  return saveRevision(deps, {
    definition: withContract(newest.definition, read(newest.definition, datasets)),
    newest,
    appliedBy,
    isDryRun,
    metadata: journeyOf(deps.ids, project, appliedBy),
  });
}

/**
 * Gives a project the contract that a person approved: the next revision is theirs, and of the same journey as the data that
 * suggested it. Throws InvalidContract where the project has changed since, so that the contract fits it no more.
 */
export async function applyApprovedContract(
  deps: ApplyDeps,
  input: {
    readonly project: string;
    readonly contract: DataContract;
    readonly approvedBy: string;
    readonly cause: EventMetadata;
    readonly consumed: Consumed;
  },
): Promise<Applied> {
  const { project, contract, approvedBy, cause, consumed } = input;
  const newest = await readProject(deps.store, { project });
  const datasets = await datasetsOf(deps.store, newest.definition);
  const violations = contractViolationsFor(newest.definition, contract, datasets);
  if (violations.length > 0) {
    const text = violations.map(({ path, message }) => `${path.join('/')}: ${message}`).join('; ');
    throw new AppError(
      'invalid_input',
      'InvalidContract',
      `The approved contract does not fit project '${project}': ${text}.`,
      { violations: violations.map(({ path, message }) => ({ path: path.join('/'), message })) },
    );
  }
  return saveRevision(deps, {
    definition: withContract(newest.definition, contract),
    newest,
    appliedBy: approvedBy,
    consumed,
    metadata: (occurredAt) =>
      causedBy(cause, { eventId: deps.ids.next(), occurredAt, actor: { type: 'user', id: approvedBy } }),
  });
}

/** The contract of the newest revision. Throws ProjectNotFound, and ContractNotFound where there is none yet. */
export async function readContract(
  store: ProjectStore,
  { project }: { readonly project: string },
): Promise<{ project: string; revision: number; contract: DataContract }> {
  const { revision, definition } = await readProject(store, { project });
  if (!hasContract(definition.data)) {
    throw new AppError(
      'not_found',
      'ContractNotFound',
      `Project '${project}' has no contract yet. Upload data, which gets a suggestion, or apply one: millrace contract apply ${project} contract.yaml.`,
    );
  }
  return { project, revision, contract: contractOf(definition) };
}

/** What is wrong with a contract for a project as it is now: whoever lets a person approve one asks first. Throws ProjectNotFound. */
export async function checkContract(
  store: ProjectStore,
  { project, contract }: { readonly project: string; readonly contract: DataContract },
): Promise<{ violations: { path: string; message: string }[] }> {
  const { definition } = await readProject(store, { project });
  const datasets = await datasetsOf(store, definition);
  return {
    violations: contractViolationsFor(definition, contract, datasets).map(({ path, message }) => ({
      path: path.join('/'),
      message,
    })),
  };
}
