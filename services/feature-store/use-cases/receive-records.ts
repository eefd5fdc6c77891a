import type * as z from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import { microsecondsOfDate, microsecondsText } from '#shared/kernel/microseconds.ts';
import type { recordsMessage, sendFeatureRecords } from '../contract.ts';
import { checkRecords, isStreamView, keptVersions, type StreamView } from '../domain/stream-records.ts';
import type { DefinitionReader, RecordStore } from '../ports.ts';

export interface ReceiveRecordsDeps {
  readonly definitions: DefinitionReader;
  readonly records: RecordStore;
  readonly clock: Clock;
}

/**
 * Takes records of a stream view: checks all, then keeps each once, with the online values that it changes. Throws FeatureViewNotFound,
 * NotAStream, InvalidRecords, EventTimeInFuture, WindowStateTooLarge, OnlineStoreBusy.
 */
export async function receiveRecords(
  { definitions, records, clock }: ReceiveRecordsDeps,
  message: z.output<typeof recordsMessage>,
): Promise<z.input<typeof sendFeatureRecords.response>> {
  const versions = await streamVersions(definitions, message.project, message.view);
  const availableAt = microsecondsOfDate(clock.now());
  const checked = checkRecords(versions[0], message, availableAt, (values) => `sha256-${digestOf(values)}`);
  const taken = await records.take(versions, checked);
  return { ...taken, availableAt: microsecondsText(availableAt) };
}

/** Newest first. Throws FeatureViewNotFound, NotAStream. */
async function streamVersions(
  definitions: DefinitionReader,
  project: string,
  view: string,
): Promise<readonly [StreamView, ...StreamView[]]> {
  const newest = await definitions.view(project, view);
  if (!newest)
    throw new AppError(
      'not_found',
      'FeatureViewNotFound',
      `Project '${project}' has no feature view '${view}'. GET /v1/projects/${project}/features lists what there is.`,
    );
  if (!isStreamView(newest))
    throw new AppError(
      'precondition_failed',
      'NotAStream',
      `Feature view '${view}' is fed by ${newest.source.type === 'dataset' ? 'a dataset' : 'captured predictions'}, not by a stream. Give it a source of type stream, or upload data.`,
    );
  const numbers = Array.from({ length: keptVersions - 1 }, (_none, back) => newest.version - 1 - back);
  const older = await Promise.all(
    numbers.filter((number) => number > 0).map((number) => definitions.view(project, view, number)),
  );
  return [newest, ...older.filter((version) => version !== undefined).filter(isStreamView)];
}
