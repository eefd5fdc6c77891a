import type { StoredObject } from '#shared/contracts/parts.ts';
import type { FeatureViewVersion } from '../contract.ts';
import type { StreamFill } from '../domain/stream-fill.ts';
import type { EntityChange } from './materialization.ts';
import type { ViewKey } from './online.ts';
import type { SourceFormat } from './view-files.ts';

export type { StreamFill };

export interface StreamFills {
  find(key: ViewKey): Promise<StreamFill | undefined>;
  /** Keeps it in place of the one before. Throws StreamFillChanged (conflict) where another was kept meanwhile. */
  save(key: ViewKey, before: StreamFill | undefined, fill: StreamFill): Promise<void>;
}

/** What records that came before a version of a stream view say of its entities. */
export interface EarlierRecords {
  /** Hands them on, some at a time, as they are known at `asOf`. Throws ViewTooLarge (precondition_failed). */
  each(
    version: FeatureViewVersion,
    objects: readonly { readonly object: StoredObject; readonly format: SourceFormat }[],
    asOf: string,
    take: (entities: readonly EntityChange[]) => Promise<void>,
  ): Promise<void>;
}

/** Adds what earlier records say to online values, once per entity, while new records come. */
export interface EarlierValues {
  /** `nowMicroseconds`: what no window reaches any more then is left out. Throws WindowStateTooLarge, OnlineStoreBusy. */
  add(version: FeatureViewVersion, entities: readonly EntityChange[], nowMicroseconds: number): Promise<void>;
}
