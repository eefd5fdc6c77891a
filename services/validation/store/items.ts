import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { RegisteredModelVersion, ServingVersion } from '../domain/consumers.ts';
import type { Check, ProfileRecord, SuggestionRecord, ValidationRecord, WaitingData } from '../ports.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  validation: { key: /^PROJECT#.+ \/ VERSION#\d{8}$/, schemaVersion: 1 },
  profile: { key: /^PROJECT#.+ \/ PROFILE#\d{8}$/, schemaVersion: 1 },
  suggestion: { key: /^PROJECT#.+ \/ SUGGESTION#\d{8}#.+$/, schemaVersion: 1 },
  waiting: { key: /^PROJECT#.+ \/ WAITING$/, schemaVersion: 1 },
  model: { key: /^PROJECT#.+ \/ MODEL#.+#\d{8}$/, schemaVersion: 1 },
  serving: { key: /^PROJECT#.+ \/ SERVING#.+$/, schemaVersion: 1 },
  check: { key: /^CHECK#.+#\d{8} \/ .+$/, schemaVersion: 1 },
  job: { key: /^JOB#.+ \/ JOB$/, schemaVersion: 1 },
} as const satisfies ItemKinds;

type Indexed = { readonly gsi1pk: string; readonly gsi1sk: string };

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly validation: Stored<ValidationRecord>;
  readonly profile: Stored<ProfileRecord>;
  readonly suggestion: Stored<SuggestionRecord>;
  readonly waiting: Stored<WaitingData & Indexed>;
  readonly model: Stored<RegisteredModelVersion>;
  readonly serving: Stored<ServingVersion>;
  readonly check: Stored<Check & Indexed>;
  readonly job: Stored<
    Pick<Check, 'project' | 'datasetVersion' | 'checkId' | 'requestedAt'> & { readonly expiresAt: number }
  >;
}
