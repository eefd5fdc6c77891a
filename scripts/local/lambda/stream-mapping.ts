import type { StreamRecord } from '../emulated-service.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { MappingConfig } from './event-source-mapping.ts';
import {
  demandAccess,
  type MappingHost,
  passesFilters,
  pause,
  type RunningMapping,
  readVerdict,
} from './mapping-runtime.ts';
import { type FailedBatch, failedBatchRecord } from './stream-failure.ts';
import { WakeSignal } from './wake-signal.ts';

/** DynamoDB keeps stream records for 24 hours. */
const streamRetentionSeconds = 86_400;
/** The stream of a local table has one shard; AWS's ids look like this one. */
const shardId = 'shardId-00000000000000000001-00000001';

interface Batch {
  readonly records: readonly StreamRecord[];
  readonly failures: number;
}

/**
 * Feeds a function from a DynamoDB stream: in order, at least once. A listener on the stream wakes it, so a record reaches the function
 * without a poll. The position behind which everything is done lies on disk.
 */
export class StreamMapping implements RunningMapping {
  readonly #config: MappingConfig;
  readonly #host: MappingHost;
  readonly #checkpoint: Checkpoint;
  readonly #abort = new AbortController();
  #unsubscribe: (() => void) | undefined;
  readonly #arrival = new WakeSignal();
  #arrivals = 0;
  /** Nothing is left to read: what arrives now is all that is behind the position. */
  #hasReadAll = false;
  #passing: Promise<void> = Promise.resolve();

  constructor(config: MappingConfig, host: MappingHost, checkpoint: Checkpoint) {
    this.#config = config;
    this.#host = host;
    this.#checkpoint = checkpoint;
  }

  async start(): Promise<void> {
    const resource = this.#config.eventSourceArn;
    demandAccess(this.#host, [
      { action: 'dynamodb:DescribeStream', resource },
      { action: 'dynamodb:GetShardIterator', resource },
      { action: 'dynamodb:GetRecords', resource },
      { action: 'dynamodb:ListStreams', resource: '*' },
    ]);
    this.#unsubscribe = this.#host.context.dynamodb.onStreamRecord(resource, (records) =>
      this.#notice(records),
    );
    await this.#initializePosition();
    this.#loop().catch((error: unknown) => this.#log('stream mapping stopped', error));
  }

  stop(): void {
    this.#abort.abort();
    this.#unsubscribe?.();
    this.#arrival.raise();
  }

  /** Wakes the loop, unless nothing of what arrived is for the function: a busy table has many such records, which need not be read. */
  #notice(records: readonly StreamRecord[]): void {
    this.#arrivals += 1;
    const last = records.at(-1)?.dynamodb.SequenceNumber;
    if (this.#hasReadAll && last && !records.some((record) => passesFilters(this.#config, record))) {
      this.#passing = this.#passing
        .then(() => this.#checkpoint.pass(last))
        .catch((error: unknown) => this.#log('position not saved', error));
      return;
    }
    this.#hasReadAll = false;
    this.#arrival.raise();
  }

  /** The starting position is fixed once, so that LATEST means the mapping's creation and not each start of the runtime. */
  async #initializePosition(): Promise<void> {
    if ((await this.#checkpoint.load()) !== undefined) return;
    const isLatest = this.#config.startingPosition === 'LATEST';
    const { dynamodb } = this.#host.context;
    await this.#checkpoint.save(
      isLatest ? await dynamodb.latestSequenceNumber(this.#config.eventSourceArn) : '0',
    );
  }

  async #loop(): Promise<void> {
    for (let retry = 0; !this.#abort.signal.aborted; ) {
      try {
        const records = await this.#gather();
        if (records.length > 0) await this.#process(records);
        retry = 0;
      } catch (error) {
        retry += 1;
        this.#log('stream batch could not be processed; trying again', error);
        await pause(this.#host.retryDelayMs(retry), this.#abort.signal);
      }
    }
  }

  /** The next batch: as soon as it is full, or the batching window after its first record was seen. */
  async #gather(): Promise<readonly StreamRecord[]> {
    const { batchSize, batchingWindowSeconds } = this.#config;
    let windowEndsAtMs: number | undefined;
    while (!this.#abort.signal.aborted) {
      const arrivalsBefore = this.#arrivals;
      const records = await this.#read();
      if (records.length >= batchSize) return records;
      if (records.length > 0) {
        windowEndsAtMs ??= Date.now() + batchingWindowSeconds * 1000;
        if (Date.now() >= windowEndsAtMs) return records;
      }
      this.#hasReadAll = records.length === 0 && this.#arrivals === arrivalsBefore;
      await this.#arrival.wait(windowEndsAtMs);
    }
    return [];
  }

  async #read(): Promise<readonly StreamRecord[]> {
    await this.#passing;
    const position = (await this.#checkpoint.load()) ?? '0';
    return this.#host.context.dynamodb.readStream(
      this.#config.eventSourceArn,
      position,
      this.#config.batchSize,
    );
  }

  /** Works a batch off, in halves or from the first failed record on where the mapping says so, and moves the position behind it. */
  async #process(records: readonly StreamRecord[]): Promise<void> {
    const wanted = records.filter((record) => passesFilters(this.#config, record));
    const last = records.at(-1)?.dynamodb.SequenceNumber;
    if (wanted.length === 0 && last !== undefined) return this.#checkpoint.pass(last);
    const todo: Batch[] = [{ records: await this.#applyFaults(wanted), failures: 0 }];
    for (let batch = todo.shift(); batch !== undefined; batch = todo.shift()) {
      if (this.#abort.signal.aborted) return;
      todo.unshift(...(await this.#attempt(batch)));
    }
    if (!this.#abort.signal.aborted) await this.#moveBehind(records.at(-1));
  }

  /** Delivers a batch once. Returns what is still to be done of it. */
  async #attempt(batch: Batch): Promise<readonly Batch[]> {
    const { records } = batch;
    if (records.length === 0) return [];
    const result = await this.#host.invoke(records);
    if (this.#abort.signal.aborted) return [];
    this.#measureAge(records);
    const identifiers = records.map((record) => record.dynamodb.SequenceNumber);
    const verdict = readVerdict(this.#config, result, identifiers);
    if (verdict !== 'all-failed' && verdict.failed.length === 0) {
      await this.#moveBehind(records.at(-1));
      return [];
    }
    const failures = batch.failures + 1;
    const firstFailed =
      verdict === 'all-failed'
        ? 0
        : identifiers.findIndex((identifier) => verdict.failed.includes(identifier));
    await this.#moveBehind(records[firstFailed - 1]);
    const rest = records.slice(firstFailed);
    const condition = this.#discardCondition(rest, failures);
    if (condition !== undefined) {
      await this.#discard({ records: rest, failures, condition, result });
      return [];
    }
    await pause(this.#host.retryDelayMs(failures), this.#abort.signal);
    if (verdict === 'all-failed' && this.#config.bisectOnError && rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      // Splitting a batch does not use up its retries.
      return [rest.slice(0, middle), rest.slice(middle)].map((half) => ({
        records: half,
        failures: batch.failures,
      }));
    }
    return [{ records: rest, failures }];
  }

  #discardCondition(
    records: readonly StreamRecord[],
    failures: number,
  ): FailedBatch['condition'] | undefined {
    const { maximumRetryAttempts, maximumRecordAgeSeconds, bisectOnError } = this.#config;
    const isSplittable = bisectOnError && records.length > 1;
    if (maximumRetryAttempts >= 0 && failures > maximumRetryAttempts && !isSplittable) {
      return 'RetryAttemptsExhausted';
    }
    const limitSeconds = maximumRecordAgeSeconds < 0 ? streamRetentionSeconds : maximumRecordAgeSeconds;
    const oldest = records[0]?.dynamodb.ApproximateCreationDateTime ?? 0;
    return this.#host.context.now() / 1000 - oldest > limitSeconds ? 'RecordAgeExceeded' : undefined;
  }

  async #discard(failed: FailedBatch): Promise<void> {
    this.#log('stream records given up', failed.condition);
    const { onFailureArn, eventSourceArn, functionArn } = this.#config;
    if (onFailureArn !== undefined) {
      const record = failedBatchRecord(failed, {
        shardId,
        streamArn: eventSourceArn,
        functionArn,
        nowMs: this.#host.context.now(),
      });
      await this.#host.context.sqs.sendMessage(onFailureArn, JSON.stringify(record), {
        principal: this.#host.principal(),
      });
    }
    await this.#moveBehind(failed.records.at(-1));
  }

  /** Leaves out, delays and repeats records as the fault switch decides; without faults the records as they are. */
  async #applyFaults(records: readonly StreamRecord[]): Promise<readonly StreamRecord[]> {
    const kept: StreamRecord[] = [];
    for (const record of records) {
      const [first, ...repeats] = this.#host.context.faults.deliveries('stream', record.eventID);
      if (first === undefined) continue;
      await pause(first, this.#abort.signal);
      kept.push(record);
      for (const delayMs of repeats) void this.#repeat(record, delayMs);
    }
    return kept;
  }

  async #repeat(record: StreamRecord, delayMs: number): Promise<void> {
    await pause(delayMs, this.#abort.signal);
    if (this.#abort.signal.aborted) return;
    await this.#host.invoke([record]).catch((error: unknown) => this.#log('repeated record failed', error));
  }

  async #moveBehind(record: StreamRecord | undefined): Promise<void> {
    if (record !== undefined) await this.#checkpoint.save(record.dynamodb.SequenceNumber);
  }

  #measureAge(records: readonly StreamRecord[]): void {
    const newest = records.at(-1)?.dynamodb.ApproximateCreationDateTime ?? 0;
    this.#host.context.cloudwatch.putMetricData('AWS/Lambda', [
      {
        name: 'IteratorAge',
        value: Math.max(0, this.#host.context.now() - newest * 1000),
        unit: 'Milliseconds',
        dimensions: { FunctionName: this.#config.functionArn.split(':')[6] ?? '' },
      },
    ]);
  }

  #log(message: string, detail: unknown): void {
    const { eventSourceArn, functionArn } = this.#config;
    this.#host.context.log('lambda', message, { eventSourceArn, functionArn, detail: String(detail) });
  }
}
