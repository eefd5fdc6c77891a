import { setTimeout as wait } from 'node:timers/promises';
import {
  BatchGetRecordCommand,
  type BatchGetRecordIdentifier,
  DeleteRecordCommand,
  PutRecordCommand,
  type SageMakerFeatureStoreRuntimeClient,
} from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { AppError } from '#shared/kernel/errors.ts';
import { inParallel } from '#shared/kernel/in-parallel.ts';
import type { PinnedView } from '../contract.ts';
import { rankOf } from '../domain/rank.ts';
import { statusAt } from '../domain/status.ts';
import type { OnlineAnswer, OnlineReader, OnlineRow, OnlineWriter, ViewKey } from '../ports/online.ts';
import {
  featureGroupName,
  identifierOf,
  orderOf,
  orderText,
  readText,
  readValue,
  recordFeatures,
  recordOf,
  storedName,
  valuesOf,
} from './sagemaker-records.ts';

/** SageMaker's limit on identifiers of one request. */
const readAtOnce = 100;
const writesAtOnce = 16;
const patience = { tries: 5, firstWaitMs: 100 };

type Record = ReadonlyMap<string, string>;

/**
 * Online values in SageMaker's feature groups, which `createFeatureGroups` creates. Only one writer of a view may work at a time, as
 * materialization has it: of two rows of one event time that are written at once, SageMaker keeps the first.
 */
export function createSagemakerOnlineValues(
  client: SageMakerFeatureStoreRuntimeClient,
  stage: string,
  { tries, firstWaitMs } = patience,
): OnlineWriter & OnlineReader {
  const groupOf = (view: ViewKey) => featureGroupName(stage, view);

  /** Records by identifier; those that are not there are absent, and so are all of a group that was not created yet. */
  async function records(
    group: string,
    identifiers: readonly string[],
    FeatureNames: string[],
  ): Promise<Map<string, Record>> {
    const found = new Map<string, Record>();
    const wanted = [...new Set(identifiers)];
    const chunks = Array.from({ length: Math.ceil(wanted.length / readAtOnce) }, (_chunk, index) =>
      wanted.slice(index * readAtOnce, (index + 1) * readAtOnce),
    );
    await inParallel(chunks, writesAtOnce, async (chunk) => {
      let left: BatchGetRecordIdentifier[] = [
        { FeatureGroupName: group, RecordIdentifiersValueAsString: chunk, FeatureNames },
      ];
      for (let attempt = 0; left.length > 0; attempt++) {
        if (attempt === tries) throw busy();
        if (attempt > 0) await wait(firstWaitMs * 2 ** (attempt - 1));
        const answer = await client.send(new BatchGetRecordCommand({ Identifiers: left }));
        const failed = answer.Errors?.find(({ ErrorCode }) => ErrorCode !== 'ResourceNotFound');
        if (failed) throw new Error(`BatchGetRecord: ${failed.ErrorCode}: ${failed.ErrorMessage}`);
        for (const { RecordIdentifierValueAsString = '', Record } of answer.Records ?? [])
          found.set(RecordIdentifierValueAsString, valuesOf(Record));
        left = answer.UnprocessedIdentifiers ?? [];
      }
    });
    return found;
  }

  const heldOrders = (group: string, rows: readonly Pick<OnlineRow, 'key'>[]) =>
    records(
      group,
      rows.map(({ key }) => identifierOf(key)),
      [recordFeatures.order, recordFeatures.rank],
    );

  return {
    async put(view, given) {
      const group = groupOf(view);
      const rows = newestRows(given);
      const held = await heldOrders(group, rows);
      const newer = rows.filter((row) => rankOf(row) > heldRank(held.get(identifierOf(row.key))));
      await inParallel(newer, writesAtOnce, (row) => {
        const before = heldOrder(held.get(identifierOf(row.key)));
        const Record = recordOf(row, Math.max(row.eventAt, before + 1));
        return client.send(new PutRecordCommand({ FeatureGroupName: group, Record }));
      });
      const same = rows.filter((row) => rankOf(row) === heldRank(held.get(identifierOf(row.key))));
      const put = newer.length + same.length;
      return { put, skipped: given.length - put };
    },
    async delete(view, rows) {
      const group = groupOf(view);
      const held = await heldOrders(group, rows);
      const gone = rows.filter(({ key, ...order }) => {
        const record = held.get(identifierOf(key));
        return record !== undefined && heldRank(record) <= rankOf(order);
      });
      await inParallel(gone, writesAtOnce, ({ key }) => {
        const identifier = identifierOf(key);
        return client.send(
          new DeleteRecordCommand({
            FeatureGroupName: group,
            RecordIdentifierValueAsString: identifier,
            EventTime: orderText(heldOrder(held.get(identifier)) + 1),
            DeletionMode: 'HardDelete',
          }),
        );
      });
      return gone.length;
    },
    async read(project, lookups, atMicroseconds) {
      return await Promise.all(
        lookups.map(async ({ view, keys }) => {
          const names = [recordFeatures.eventAt, ...view.features.map(({ name }) => storedName(name))];
          const found = await records(groupOf({ project, ...view }), keys.map(identifierOf), names);
          return keys.map((key) => answerOf(view, found.get(identifierOf(key)), atMicroseconds));
        }),
      );
    },
  };
}

/** Of rows of one entity the one of the greatest rank. */
function newestRows(rows: readonly OnlineRow[]): OnlineRow[] {
  const newest = new Map<string, OnlineRow>();
  for (const row of rows) {
    const other = newest.get(identifierOf(row.key));
    if (!other || rankOf(row) > rankOf(other)) newest.set(identifierOf(row.key), row);
  }
  return [...newest.values()];
}

const heldRank = (record: Record | undefined): string => readText(record?.get(recordFeatures.rank) ?? '');
const heldOrder = (record: Record | undefined): number => {
  const text = record?.get(recordFeatures.order);
  return text === undefined ? Number.NEGATIVE_INFINITY : orderOf(text);
};

function answerOf(view: PinnedView, record: Record | undefined, at: number): OnlineAnswer {
  const eventAt = record && Number(record.get(recordFeatures.eventAt));
  const status = statusAt(eventAt, at, view.ttlSeconds);
  const known = status === 'PRESENT' && record ? record : new Map<string, string>();
  return {
    status,
    ...(eventAt === undefined ? {} : { eventAt }),
    values: Object.fromEntries(view.features.map((feature) => [feature.name, readValue(feature, known)])),
  };
}

const busy = (): AppError =>
  new AppError(
    'unavailable',
    'OnlineStoreBusy',
    'SageMaker is asked for more records than it takes at once, and part of the entities could not be read. Try again in a few seconds.',
  );
