import type * as z from 'zod';
import { FeatureErasureRequested } from '#events/feature-store.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { erasedKeyDigest } from '#shared/kernel/erased-key.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { Page } from '#shared/kernel/paging.ts';
import { featureErasureCertificate, type JoinKey } from '../contract.ts';
import { type EntityKey, entityKeyOf, entityKeyText } from '../domain/online-key.ts';
import type {
  DefinitionStore,
  Documents,
  FeatureErasure,
  FeatureErasureRecord,
  FeatureErasureStore,
} from '../ports.ts';

export interface RequestFeatureErasureDeps {
  readonly definitions: Pick<DefinitionStore, 'newestRevision'>;
  readonly erasures: FeatureErasureStore;
  readonly documents: Documents;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** Unguessable text. */
  readonly nonce: () => string;
}

/**
 * Asks for entities to be erased by key. The keys are kept in a document of their own, which is deleted a week after the erasure; facts and
 * items name them by digest. Throws EntityNotFound, InvalidEntities, FeatureErasureRunning.
 */
export async function requestFeatureErasure(
  deps: RequestFeatureErasureDeps,
  input: {
    readonly project: string;
    readonly entity: string;
    readonly keys: readonly Readonly<Record<string, string | number>>[];
    readonly reason: string;
    readonly requestedBy: string;
  },
): Promise<FeatureErasure> {
  const { project, entity, reason, requestedBy } = input;
  const joinKeys = await joinKeysOf(deps, project, entity);
  const keys = distinct(input.keys.map((values, place) => keyOf(joinKeys, values, `keys[${place}]`)));
  const erasureId = deps.ids.next();
  const keysDocument = await deps.documents.write(project, `erasures/${erasureId}/keys.json`, {
    schemaVersion: 1,
    project,
    erasureId,
    keys,
    nonce: deps.nonce(),
  });
  const erasure: FeatureErasureRecord = {
    erasureId,
    project,
    entity,
    status: 'running',
    requestedBy,
    requestedAt: deps.clock.now().toISOString(),
    reason,
    keys: keys.length,
    joinKeys,
    keyDigests: keys.map((key) => erasedKeyDigest(erasureId, entityKeyText(key))),
    keysDocument,
  };
  try {
    await deps.erasures.request(
      erasure,
      erasureRequested(erasure, { now: deps.clock.now(), eventId: erasureId }),
    );
  } catch (error) {
    await deps.documents.remove(keysDocument);
    throw error;
  }
  return shownErasure(erasure);
}

async function joinKeysOf(
  { definitions }: RequestFeatureErasureDeps,
  project: string,
  entity: string,
): Promise<readonly JoinKey[]> {
  const { entities = [] } = (await definitions.newestRevision(project)) ?? {};
  const found = entities.find((each) => each.entity === entity);
  if (found) return found.joinKeys;
  const names = entities.map((each) => each.entity);
  throw new AppError(
    'not_found',
    'EntityNotFound',
    `Project '${project}' declares no entity '${entity}'${names.length > 0 ? `; it declares ${names.join(', ')}` : ''}. Name one of the project file's features.entities.`,
  );
}

function keyOf(
  joinKeys: readonly JoinKey[],
  values: Readonly<Record<string, string | number>>,
  what: string,
): EntityKey {
  const unknown = Object.keys(values).find((name) => !joinKeys.some((key) => key.name === name));
  if (unknown !== undefined)
    throw new AppError(
      'invalid_input',
      'InvalidEntities',
      `${what} has '${unknown}', which is no join key of the entity. Send ${joinKeys.map(({ name }) => name).join(' and ')}.`,
    );
  return entityKeyOf(joinKeys, values, what);
}

const distinct = (keys: readonly EntityKey[]): EntityKey[] => [
  ...new Map(keys.map((key) => [entityKeyText(key), key])).values(),
];

/** The fact that an erasure is wanted; told again when it must go on. */
export function erasureRequested(
  {
    project,
    erasureId,
    entity,
    reason,
    keys,
    joinKeys,
    keyDigests,
    requestedAt,
    requestedBy,
  }: FeatureErasureRecord,
  { now, eventId }: { readonly now: Date; readonly eventId: string },
) {
  const actor = { type: 'user' as const, id: requestedBy };
  return FeatureErasureRequested.create(
    startingJourney({ eventId, correlationId: erasureId, occurredAt: now, project, actor }),
    {
      project,
      erasureId,
      entity,
      reason,
      keys,
      joinKeys: joinKeys.map(({ name, type }) => ({ name, type })),
      keyDigests: [...keyDigests],
      requestedAt,
    },
  );
}

/** What people see of it. */
export function shownErasure(record: FeatureErasureRecord): FeatureErasure {
  const {
    joinKeys: _joinKeys,
    keyDigests: _digests,
    keysDocument: _keys,
    own: _own,
    captures: _captures,
    ...erasure
  } = record;
  return erasure;
}

export async function listFeatureErasures(
  { erasures }: Pick<RequestFeatureErasureDeps, 'erasures'>,
  { project, pageToken }: { readonly project: string; readonly pageToken?: string | undefined },
): Promise<Page<FeatureErasure>> {
  const page = await erasures.page(project, pageToken);
  return { ...page, items: page.items.map(shownErasure) };
}

/** An erasure with its certificate. Throws FeatureErasureNotFound. */
export async function readFeatureErasure(
  { erasures, documents }: Pick<RequestFeatureErasureDeps, 'erasures' | 'documents'>,
  { project, erasureId }: { readonly project: string; readonly erasureId: string },
): Promise<FeatureErasure & { certificateText?: z.infer<typeof featureErasureCertificate> }> {
  const found = await erasures.find(project, erasureId);
  if (!found)
    throw new AppError(
      'not_found',
      'FeatureErasureNotFound',
      `Project '${project}' has no erasure by entity key '${erasureId}'. GET /v1/projects/${project}/feature-erasures lists those that there are.`,
    );
  if (!found.certificate) return shownErasure(found);
  return {
    ...shownErasure(found),
    certificateText: featureErasureCertificate.parse(await documents.read(found.certificate)),
  };
}
