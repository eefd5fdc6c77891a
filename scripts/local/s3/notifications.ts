import type { AwsRequest, RuntimeContext } from '../emulated-service.ts';
import type { Bucket } from './bucket.ts';
import type { ObjectVersion, OwedEvent, Version } from './types.ts';

const firstRetryMs = 500;
const longestRetryMs = 30_000;

/** Who caused a change; the runtime itself when there is no request. */
export type Cause = Pick<AwsRequest, 'requestId' | 'headers'>;

/**
 * The notifications that S3 sends to EventBridge. An event is written with the change that causes it and owed until the bus has
 * taken it, so that it is sent at least once, also after a crash.
 */
export class Notifications {
  readonly #context: RuntimeContext;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(context: RuntimeContext) {
    this.#context = context;
  }

  /** The event of a new object, where the bucket sends events. Reason: PutObject, CopyObject or CompleteMultipartUpload. */
  created(bucket: Bucket, version: ObjectVersion, reason: string, cause: Cause): OwedEvent | undefined {
    const { key, sizeBytes, etag } = version;
    return this.#event(
      bucket,
      'Object Created',
      cause,
      { key, size: sizeBytes, etag, ...idOf(version) },
      { reason },
    );
  }

  /** The event of a delete, where the bucket sends events. */
  deleted(
    bucket: Bucket,
    version: Version,
    deletionType: 'Permanently Deleted' | 'Delete Marker Created',
    cause: Cause,
  ): OwedEvent | undefined {
    const etag = version.kind === 'object' ? { etag: version.etag } : {};
    const further = { reason: 'DeleteObject', 'deletion-type': deletionType };
    return this.#event(
      bucket,
      'Object Deleted',
      cause,
      { key: version.key, ...etag, ...idOf(version) },
      further,
    );
  }

  /** Publishes an event that was committed; the fault channel `s3-event` may delay, repeat or drop it. */
  send(bucket: Bucket, event: OwedEvent | undefined): void {
    if (event === undefined) return;
    const delaysMs = this.#context.faults.deliveries('s3-event', `${bucket.name}/${event.sequencer}`);
    let open = delaysMs.length;
    const settle = () => {
      open -= 1;
      if (open === 0) bucket.markSent(event.sequencer);
    };
    for (const delayMs of delaysMs) this.#after(delayMs, () => this.#publish(bucket, event, settle));
    if (delaysMs.length === 0) bucket.markSent(event.sequencer);
  }

  /** Sends what was still owed when the runtime last stopped. */
  resume(buckets: readonly Bucket[]): void {
    for (const bucket of buckets) {
      for (const event of bucket.owedEvents.values()) this.send(bucket, event);
    }
  }

  /** What is not sent yet stays owed. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #event(
    bucket: Bucket,
    detailType: OwedEvent['detailType'],
    cause: Cause,
    object: Readonly<Record<string, unknown>>,
    further: Readonly<Record<string, string>>,
  ): OwedEvent | undefined {
    if (!bucket.settings.eventBridge) return undefined;
    const timeMs = this.#context.now();
    const sequencer = bucket.newSequencer(timeMs);
    const detail = {
      version: '0',
      bucket: { name: bucket.name },
      object: { ...object, sequencer },
      'request-id': cause.requestId,
      requester: this.#context.accountId,
      'source-ip-address': '127.0.0.1',
      ...further,
    };
    return { sequencer, detailType, detail, timeMs };
  }

  #publish(bucket: Bucket, event: OwedEvent, done: () => void, retryMs = firstRetryMs): void {
    const entry = {
      source: 'aws.s3',
      detailType: event.detailType,
      detail: event.detail,
      resources: [`arn:aws:s3:::${bucket.name}`],
      timeMs: event.timeMs,
    };
    this.#context.events.publish([entry]).then(
      () => this.#stopped || done(),
      (error: unknown) => {
        this.#context.log('s3', `event ${event.sequencer} of ${bucket.name} was not taken: ${String(error)}`);
        this.#after(retryMs, () => this.#publish(bucket, event, done, Math.min(retryMs * 2, longestRetryMs)));
      },
    );
  }

  /** Also a delay of zero passes the event loop once, so that a request is answered before its event is delivered. */
  #after(delayMs: number, task: () => void): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, delayMs);
    this.#timers.add(timer);
  }
}

function idOf({ versionId }: Version): Record<string, string> {
  return versionId === 'null' ? {} : { 'version-id': versionId };
}
