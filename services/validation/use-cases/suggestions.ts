import type * as z from 'zod';
import { ContractApproved, SuggestionRefused } from '#events/validation.ts';
import { causedBy, type DomainEvent } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type {
  ContractSuggestion,
  decideContractSuggestion,
  listContractSuggestions,
  readContractSuggestion,
} from '../contract.ts';
import type { Documents, Projects, SuggestionRecord, SuggestionStore } from '../ports.ts';

export interface SuggestionDeps {
  readonly suggestions: SuggestionStore;
  readonly documents: Documents;
  readonly projects: Projects;
  readonly clock: Clock;
}
type Head = z.input<typeof decideContractSuggestion.response>;

export async function listSuggestions(
  { suggestions }: SuggestionDeps,
  { project, pageToken }: { project: string; pageToken?: string | undefined },
): Promise<z.input<typeof listContractSuggestions.response>> {
  const { items, nextPageToken } = await suggestions.list(project, pageToken);
  return { items: items.map(headOf), ...(nextPageToken ? { nextPageToken } : {}) };
}

/** Throws SuggestionNotFound, SuggestionErased. */
export async function readSuggestion(
  deps: SuggestionDeps,
  { project, suggestionId }: { project: string; suggestionId: string },
): Promise<z.input<typeof readContractSuggestion.response>> {
  const record = await find(deps, project, suggestionId);
  return { ...headOf(record), suggestion: await readDocument(deps, record) };
}

/**
 * Approves a suggested contract, as it is or edited, or refuses it. The projects service makes a revision of what was approved.
 * Throws SuggestionNotFound, SuggestionErased, SuggestionDecided, InvalidContract.
 */
export async function decideSuggestion(
  deps: SuggestionDeps,
  { project, suggestionId }: { project: string; suggestionId: string },
  decision: z.output<typeof decideContractSuggestion.body>,
  decidedBy: string,
): Promise<Head> {
  const record = await find(deps, project, suggestionId);
  const now = deps.clock.now();
  const decided: SuggestionRecord = {
    ...record,
    status: decision.decision === 'approve' ? 'approved' : 'refused',
    decidedAt: now.toISOString(),
    decidedBy,
    comment: decision.comment,
  };
  const event =
    decision.decision === 'approve'
      ? await approval(deps, decided, decision, now)
      : SuggestionRefused.create(metadataOf(decided, 'refused', now), {
          project,
          suggestionId,
          refusedBy: decidedBy,
          comment: decision.comment,
        });
  await deps.suggestions.decide(decided, event);
  return headOf(decided);
}

async function approval(
  deps: SuggestionDeps,
  record: SuggestionRecord,
  { contract: edited }: z.output<typeof decideContractSuggestion.body>,
  now: Date,
): Promise<DomainEvent> {
  const { documents, projects } = deps;
  const { project, suggestionId, datasetVersion, decidedBy = '', comment = '' } = record;
  const { contract: suggested } = await readDocument(deps, record);
  const contract = edited ?? suggested;
  const violations = await projects.contractViolations(project, contract);
  if (violations.length > 0)
    throw new AppError(
      'invalid_input',
      'InvalidContract',
      `The contract does not fit project '${project}': ${violations.slice(0, 20).join('; ')}`,
      { violations: violations.slice(0, 50).map((message) => ({ path: 'contract', message })) },
    );
  return ContractApproved.create(metadataOf(record, 'approved', now), {
    project,
    suggestionId,
    contract: await documents.writeContract(project, datasetVersion, contract),
    edited: digestOf(contract) !== digestOf(suggested),
    approvedBy: decidedBy,
    comment,
  });
}

const metadataOf = (
  { metadata, suggestionId, project, decidedBy }: SuggestionRecord,
  decision: string,
  occurredAt: Date,
) =>
  causedBy(metadata, {
    eventId: `${digestOf([project, suggestionId]).slice(0, 24)}-${decision}`,
    occurredAt,
    actor: { type: 'user', id: decidedBy ?? '' },
  });

function readDocument(
  { documents }: SuggestionDeps,
  { project, suggestionId, datasetVersion, document, erasedAt }: SuggestionRecord,
): Promise<ContractSuggestion> {
  if (!erasedAt) return documents.readSuggestion(document);
  throw new AppError(
    'not_found',
    'SuggestionErased',
    `What suggestion '${suggestionId}' of '${project}' said was deleted at ${erasedAt}, because rows of dataset version ${datasetVersion} that it was made of were erased. The contract of the project shows what was approved of it.`,
  );
}

async function find(
  { suggestions }: SuggestionDeps,
  project: string,
  suggestionId: string,
): Promise<SuggestionRecord> {
  const record = await suggestions.find(project, suggestionId);
  if (record) return record;
  throw new AppError(
    'not_found',
    'SuggestionNotFound',
    `There is no suggestion '${suggestionId}' of '${project}'. The list of its suggestions shows which there are.`,
  );
}

function headOf({
  project: _project,
  document: _document,
  metadata: _metadata,
  erasedAt: _erasedAt,
  ...head
}: SuggestionRecord): Head {
  return head;
}
