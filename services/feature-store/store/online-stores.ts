import type { SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import type { Table } from '#shared/aws/table.ts';
import type { PinnedView } from '../contract.ts';
import type { OnlineReader, OnlineWriter } from '../ports/online.ts';
import { createOnlineValues } from './online-values.ts';
import { createSagemakerOnlineValues } from './sagemaker-online-values.ts';

type StoreName = PinnedView['store'];

/** The stores that views may choose between. */
export type OnlineStores = Readonly<Record<StoreName, OnlineWriter & OnlineReader>>;

/** One writer and reader of all views: each view's values are where its definition says. */
export function chooseOnlineStore(stores: OnlineStores): OnlineReader & {
  /** Of a view with a schema. */
  writerOf(view: { readonly store: StoreName }): OnlineWriter;
} {
  return {
    writerOf: ({ store }) => stores[store],
    async read(project, lookups, atMicroseconds) {
      const names = [...new Set(lookups.map(({ view }) => view.store))];
      const answers = await Promise.all(
        names.map((name) =>
          stores[name].read(
            project,
            lookups.filter(({ view }) => view.store === name),
            atMicroseconds,
          ),
        ),
      );
      const left = new Map(names.map((name, index) => [name, [...answers[index]!]]));
      return lookups.map(({ view }) => left.get(view.store)!.shift()!);
    },
  };
}

/** Online values of all views of a stage. */
export const openOnlineStores = (of: {
  readonly table: Table;
  readonly featureGroups: SageMakerFeatureStoreRuntimeClient;
  readonly stage: string;
}) =>
  chooseOnlineStore({
    dynamodb: createOnlineValues(of.table),
    sagemaker: createSagemakerOnlineValues(of.featureGroups, of.stage),
  });
