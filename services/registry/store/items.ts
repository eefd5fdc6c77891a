import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { Item } from '#shared/aws/table.ts';
import type { RecordedContent } from '../ports/content.ts';
import type { RegisteredModel, VersionEntry } from '../ports/models.ts';
import type { Webhook } from '../ports/webhooks.ts';
import type { AliasMove, RegisteredVersion } from '../ports.ts';
import { modelIndexKeys } from './keys.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  model: { key: /^MODEL#.+ \/ MODEL$/, schemaVersion: 2, upcasts: { 1: modelOfTrainings } },
  name: { key: /^NAME#.+ \/ NAME$/, schemaVersion: 1 },
  version: { key: /^MODEL#.+ \/ VERSION#\d{10}$/, schemaVersion: 1 },
  entry: { key: /^MODEL#.+ \/ ENTRY#\d{10}$/, schemaVersion: 1 },
  alias: { key: /^MODEL#.+ \/ ALIAS#/, schemaVersion: 1 },
  aliasMove: { key: /^MODEL#.+ \/ ALIASMOVE#/, schemaVersion: 2, upcasts: { 1: movedByRegistry } },
  content: { key: /^MODEL#.+ \/ CONTENT#\d{10}$/, schemaVersion: 1 },
  location: { key: /^LOCATION#.+ \/ VERSION#.+#\d{10}$/, schemaVersion: 1 },
  training: { key: /^TRAINING#.+ \/ VERSION$/, schemaVersion: 1 },
  runVersion: { key: /^RUN#.+ \/ VERSION#/, schemaVersion: 1 },
  sourceVersion: { key: /^SOURCE#.+ \/ VERSION#/, schemaVersion: 1 },
  webhook: { key: /^WEBHOOKS \/ WEBHOOK#/, schemaVersion: 1 },
  webhookSecret: { key: /^WEBHOOKSECRET#.+ \/ SECRET$/, schemaVersion: 1 },
  webhookDelivery: { key: /^WEBHOOKDELIVERY#.+ \/ DELIVERY$/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** Keys of the index of models and of versions; those that are deleted have none. */
export interface IndexKeys {
  readonly gsi1pk?: string;
  readonly gsi1sk?: string;
}

interface VersionReference {
  readonly modelId: string;
  readonly modelVersion: number;
}

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly model: Stored<
    Omit<RegisteredModel, 'modelId' | 'name'> & {
      /** Its name. */
      readonly model: string;
      readonly deletedAt?: string;
    } & IndexKeys,
    2
  >;
  readonly name: Stored<{ readonly modelId: string }>;
  readonly version: Stored<{ readonly version: RegisteredVersion }>;
  readonly entry: Stored<
    {
      readonly entry: Omit<VersionEntry, 'revision'>;
      readonly revision: number;
      readonly deletedAt?: string;
    } & IndexKeys
  >;
  readonly alias: Stored<{ readonly alias: string; readonly modelVersion: number }>;
  readonly aliasMove: Stored<{ readonly move: AliasMove }, 2>;
  readonly content: Stored<{ readonly recorded: RecordedContent; readonly isQuarantined: boolean }>;
  readonly location: Stored<{ readonly model: string; readonly modelVersion: number }>;
  readonly training: Stored<{ readonly model: string; readonly modelVersion: number }>;
  readonly runVersion: Stored<VersionReference>;
  readonly sourceVersion: Stored<VersionReference>;
  readonly webhook: Stored<{ readonly webhook: Webhook }>;
  /** Apart from the webhook, so that nothing that lists or shows webhooks reads it. */
  readonly webhookSecret: Stored<{ readonly secret: string }>;
  /** A delivery that the receiver took, until `expiresAt`. */
  readonly webhookDelivery: Stored<{ readonly deliveredAt: string; readonly expiresAt: number }>;
}

/** Time of models of the first release, which did not keep it. */
export const unknownTime = new Date(0).toISOString();

/** Until clients could change models, there was nothing but what trainings registered. */
function modelOfTrainings(item: Item): Item {
  const name = String(item['model']);
  return {
    ...item,
    tags: {},
    latestByStage: { None: item['latestVersion'] },
    createdAt: unknownTime,
    updatedAt: unknownTime,
    revision: 0,
    ...modelIndexKeys('model', name, name),
  };
}

/** Until clients could move aliases, only trainings and releases did. */
function movedByRegistry(item: Item): Item {
  return { ...item, move: { ...(item['move'] as object), movedBy: { type: 'service', id: 'registry' } } };
}
