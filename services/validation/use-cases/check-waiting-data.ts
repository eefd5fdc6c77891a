import { contractOf, type ProjectRevision } from '#services/projects/contract.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { digestOf, sha256Hex } from '#shared/kernel/hash.ts';
import { hasColumns } from '../domain/contract-of.ts';
import type { Projects, SuggestionStore, ValidationStore } from '../ports.ts';
import { type RequestCheckDeps, requestCheck } from './request-check.ts';

export interface CheckWaitingDataDeps extends RequestCheckDeps {
  readonly projects: Projects;
  readonly suggestions: SuggestionStore;
  readonly store: ValidationStore;
  readonly clock: Clock;
}

/**
 * Checks data that waited for a contract, where the project has one by now. Each revision checks a version once, whoever
 * notices: the event of the revision, the end of the suggestion, or the hourly round.
 */
export async function checkWaitingData(
  deps: CheckWaitingDataDeps,
  project: string,
  applied?: EventMetadata,
): Promise<void> {
  const waiting = await deps.suggestions.waiting(project);
  if (!waiting) return;
  const revision = await deps.projects.revision(project);
  if (!hasColumns(revision)) return;
  const { datasetVersion, metadata } = waiting;
  await requestContractCheck(deps, revision, datasetVersion, continued(metadata, applied));
}

/**
 * Checks the newest version again where its verdict stopped everything and the contract is another now: the same file uploaded
 * again would be no new version.
 */
export async function checkFailedData(
  deps: CheckWaitingDataDeps,
  project: string,
  applied: EventMetadata,
): Promise<void> {
  const record = await deps.store.newest(project);
  if (!record?.contractSha256 || record.expiredAt || !['Fail', 'InsufficientData'].includes(record.verdict))
    return;
  const revision = await deps.projects.revision(project);
  if (!hasColumns(revision) || digestOf(contractOf(revision.definition)) === record.contractSha256) return;
  await requestContractCheck(deps, revision, record.datasetVersion, continued(record.journey, applied));
}

async function requestContractCheck(
  deps: CheckWaitingDataDeps,
  { project, revision }: ProjectRevision,
  datasetVersion: number,
  cause: EventMetadata,
): Promise<void> {
  const id = sha256Hex([project, datasetVersion, revision].join('\n')).slice(0, 24);
  const request = {
    checkId: `contract-${id}`,
    project,
    datasetVersion,
    occasion: 'contract',
    requestedAt: deps.clock.now().toISOString(),
    cause,
    projectRevision: revision,
  } as const;
  await requestCheck(deps, request, { consumer: 'validation/contract-check', eventId: id });
}

/** The journey of the data goes on; what is caused now follows from the revision. */
function continued(journey: EventMetadata | undefined, applied: EventMetadata | undefined): EventMetadata {
  if (!journey || !applied) return (journey ?? applied)!;
  return {
    ...applied,
    correlationId: journey.correlationId,
    initiatedBy: journey.initiatedBy,
    causationDepth: Math.max(journey.causationDepth, applied.causationDepth),
  };
}
