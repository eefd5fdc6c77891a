import path from 'node:path';
import { DamagedFile } from '../durable/state-file.ts';
import { AwsError, type AwsRequest, type AwsResponse, type RuntimeContext } from '../emulated-service.ts';
import { correctQueryError } from './engine-gaps.ts';
import { buildApp, S3Store, SnsStore, type SqsQueue, SqsStore } from './fauxqs.ts';
import { QueuePersistence } from './persistence.ts';

/** fauxqs has this account built into its ARNs. */
const builtInAccount = '000000000000';
const internalHost = 'millrace.internal';

type App = ReturnType<typeof buildApp>;

/** The engine: fauxqs in process, without a listener, its queues and messages in SQLite. */
export class Queues {
  readonly sqs = new SqsStore();
  readonly sns = new SnsStore();
  readonly #context: RuntimeContext;
  readonly #ownUrl: string;
  readonly #internalUrl: string;
  #persistence: QueuePersistence | undefined;
  #app: App | undefined;

  constructor(context: RuntimeContext) {
    if (context.accountId !== builtInAccount) {
      throw new Error(`SQS and SNS can only act as account ${builtInAccount}, not as ${context.accountId}.`);
    }
    this.#context = context;
    this.#ownUrl = `${context.awsUrl}/${builtInAccount}/`;
    this.#internalUrl = `http://sqs.${context.region}.${internalHost}/${builtInAccount}/`;
    this.sqs.host = internalHost;
    this.sqs.region = context.region;
    this.sns.region = context.region;
  }

  /** Loads queues and messages; topics and subscriptions come with the template. */
  open(): void {
    const persistence = this.#load(this.#context.folder('sqs'));
    persistence.learnReceipts(this.sqs);
    this.sqs.persistence = persistence;
    for (const queue of this.sqs.allQueues()) queue.persistence = persistence;
    this.#persistence = persistence;
    const stores = { sqsStore: this.sqs, snsStore: this.sns, s3Store: new S3Store() };
    this.#app = buildApp({ logger: false, host: internalHost, defaultRegion: this.#context.region, stores });
  }

  /** Throws DamagedFile. */
  #load(folder: string): QueuePersistence {
    try {
      const persistence = new QueuePersistence(folder);
      // Stores write through to their persistence; loading first keeps what is read from being written again.
      persistence.loadSqsAndSns(this.sqs, this.sns);
      return persistence;
    } catch (cause) {
      throw new DamagedFile(
        path.join(folder, 'fauxqs.db'),
        cause,
        'Delete it (messages are lost) or start with --fresh.',
      );
    }
  }

  /** Lets fauxqs answer a request. Its own queue URLs become those of this runtime, whatever port that has today. */
  async handle(request: AwsRequest): Promise<AwsResponse> {
    if (this.#app === undefined) throw new AwsError('ServiceUnavailable', 'SQS is not started', 503);
    const { 'content-length': _length, host: _host, ...headers } = request.headers;
    const body = await request.bytes();
    // The host says which port the engine puts into queue URLs: none.
    const toEngine = { ...headers, host: internalHost };
    const answer = await this.#app.inject({ method: 'POST', url: '/', headers: toEngine, payload: body });
    const type = answer.headers['content-type'];
    const queryError = answer.headers['x-amzn-query-error'];
    return {
      status: answer.statusCode,
      headers: {
        'content-type': typeof type === 'string' ? type : 'application/x-amz-json-1.0',
        ...(typeof queryError === 'string' ? { 'x-amzn-query-error': correctQueryError(queryError) } : {}),
      },
      body: answer.body.includes('"QueueUrl')
        ? answer.body.replaceAll(this.#internalUrl, this.#ownUrl)
        : answer.body,
    };
  }

  /** Creates the queue or changes its attributes; its messages stay. */
  declare(name: string, attributes: Record<string, string>, tags: Record<string, string>): SqsQueue {
    const arn = this.arnOf(name);
    const queue =
      this.sqs.getQueueByArn(arn) ?? this.sqs.createQueue(name, this.#internalUrl + name, arn, {}, tags);
    queue.setAttributes(attributes);
    return queue;
  }

  urlOf(name: string): string {
    return this.#ownUrl + name;
  }

  arnOf(name: string): string {
    return `arn:aws:sqs:${this.#context.region}:${builtInAccount}:${name}`;
  }

  /** Throws QueueDoesNotExist. */
  get(queueArn: string): SqsQueue {
    const queue = this.sqs.getQueueByArn(queueArn);
    if (queue !== undefined) return queue;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  /** Messages older than the queue keeps them. */
  expire(nowMs: number): void {
    for (const queue of this.sqs.allQueues()) {
      const oldestMs = nowMs - Number(queue.attributes['MessageRetentionPeriod']) * 1000;
      const expired = queue.messages.filter(({ sentTimestamp }) => sentTimestamp < oldestMs);
      queue.messages = queue.messages.filter(({ sentTimestamp }) => sentTimestamp >= oldestMs);
      for (const { messageId } of expired) this.#persistence?.deleteMessage(messageId);
    }
  }

  async close(): Promise<void> {
    this.sqs.shutdown();
    await this.#app?.close();
    this.#persistence?.close();
  }
}
