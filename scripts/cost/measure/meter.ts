import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Counters, difference, sum } from './counters.ts';
import { DynamodbMeter } from './dynamodb-meter.ts';
import { countLogs } from './function-logs.ts';
import { type RecordedRequest, RequestLog } from './request-log.ts';
import { countObjects, countS3Requests } from './s3-meter.ts';
import { StatesMeter } from './states-meter.ts';

const pollMs = 500;
const maxWaitMs = 240_000;
/** EventBridge bills each begun 64 KB of an event. */
const eventChunkBytes = 64 * 1024;

interface Endpoints {
  readonly awsUrl: string;
  readonly region: string;
  readonly buckets: Readonly<Record<string, string>>;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Counts what a laptop platform asks of AWS between two moments at which it is at rest. */
export class Meter {
  readonly aws: { endpoint: string; region: string; credentials: Endpoints['credentials'] };
  readonly #dataDir: string;
  readonly #buckets: readonly string[];
  readonly #requests: RequestLog;
  readonly #dynamodb: DynamodbMeter;
  readonly #states: StatesMeter;
  readonly #tables = new Set<string>();
  readonly #quietMs: number;

  constructor(dataDir: string, recordDir: string, options: { quietMs: number }) {
    const file = path.join(dataDir, 'endpoints.json');
    const { awsUrl, region, buckets, credentials } = JSON.parse(readFileSync(file, 'utf8')) as Endpoints;
    this.aws = { endpoint: awsUrl, region, credentials };
    this.#dataDir = dataDir;
    this.#buckets = Object.values(buckets);
    this.#requests = new RequestLog(recordDir);
    this.#dynamodb = new DynamodbMeter(this.aws);
    this.#states = new StatesMeter(this.aws);
    this.#quietMs = options.quietMs;
  }

  /** Counts what `work` and all that follows from it take. `state`: where an execution may wait when everything else is done. */
  async count(work: () => Promise<unknown>, state?: string): Promise<Counters> {
    const before = await this.#standing();
    this.#requests.next();
    await work();
    await this.rest(state);
    const requests = this.#requests.next();
    const asked = sum(
      await this.#dynamodb.count(of(requests, 'dynamodb')),
      countS3Requests(of(requests, 's3')),
    );
    this.#learnTables(requests);
    return sum(difference(await this.#standing(), before), sum(asked, countEvents(of(requests, 'events'))));
  }

  /** Resolves when no execution runs and nothing was asked of AWS for a while. */
  async rest(state?: string): Promise<void> {
    const giveUpAtMs = Date.now() + maxWaitMs;
    let known = -1;
    let quietSinceMs = Date.now();
    while (Date.now() < giveUpAtMs) {
      await sleep(pollMs);
      const { length } = this.#requests;
      if (length !== known || !(await this.#states.rests(state))) {
        known = length;
        quietSinceMs = Date.now();
      }
      if (Date.now() - quietSinceMs > this.#quietMs) return;
    }
    throw new Error(
      `The platform did not come to rest within ${maxWaitMs / 1000} s; ${known} calls were made.`,
    );
  }

  /** What can be read at any time, from the beginning. */
  async #standing(): Promise<Counters> {
    const [objects, transitions, stored] = await Promise.all([
      countObjects(this.aws, this.#buckets),
      this.#states.count(),
      this.#dynamodb.stored([...this.#tables], Date.now() / 1000),
    ]);
    return [objects, transitions, stored].reduce(sum, countLogs(this.#dataDir));
  }

  #learnTables(requests: readonly RecordedRequest[]): void {
    for (const { params } of of(requests, 'dynamodb')) {
      for (const [, name = ''] of JSON.stringify(params ?? {}).matchAll(/"TableName":"([^"]+)"/g)) {
        this.#tables.add(name);
      }
    }
  }
}

const of = (requests: readonly RecordedRequest[], service: string): RecordedRequest[] =>
  requests.filter((request) => request.service === service);

function countEvents(requests: readonly RecordedRequest[]): Counters {
  const sizes = requests
    .flatMap(({ params }) => (params?.['Entries'] ?? []) as Record<string, unknown>[])
    .map((entry) => Buffer.byteLength(JSON.stringify(entry)));
  return {
    'events.published': sizes.reduce((count, bytes) => count + Math.ceil(bytes / eventChunkBytes), 0),
    'events.publishedBytes': sizes.reduce((total, bytes) => total + bytes, 0),
  };
}
