import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type * as z from 'zod';
import type { Caller } from '#shared/contracts/caller.ts';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { type BucketPurpose, busName, functionName, type ServiceName } from '#shared/kernel/names.ts';
import type { Problem } from '#shared/lambda/problem.ts';
import { keepRun, type RunLabel, recordDirOf } from '../../scripts/check/kept-runs.ts';
import type { Faults } from '../../scripts/local/emulated-service.ts';
import { type Runtime, startRuntime } from '../../scripts/local/runtime.ts';
import { testFile } from '../test-file.ts';
import { type Assemble, localAssembly } from './assemblies.ts';

const patienceMs = 45_000;
const pollMs = 200;

const admin: Caller = { id: 'ann', grants: [{ project: '*', role: 'admin' }] };

export interface CallInput<Endpoint extends EndpointDefinition> {
  readonly params: z.input<Endpoint['params']>;
  readonly query?: z.input<Endpoint['query']>;
  /** Not typed, so that wrong ones can be sent. */
  readonly body?: unknown;
  readonly as?: Caller;
}

/** The whole platform on this machine: real templates, bundles and roles. Everything is dropped by `close`. */
export class RunningPlatform {
  readonly #dir = mkdtempSync(path.join(tmpdir(), 'millrace-integration-'));
  readonly #stage: string;
  readonly #assemble: Assemble;
  readonly #templates: RunLabel['templates'];
  readonly #faults: Faults | undefined;
  #runtime: Runtime | undefined;

  /**
   * Runs what `npm start` would; another stage or another assembly where one is given. `templates` says `local` of one that differs in
   * settings that no role depends on: what its roles did then counts for ours.
   */
  constructor(
    options: {
      readonly stage?: string;
      readonly assemble?: Assemble;
      readonly templates?: RunLabel['templates'];
      readonly faults?: Faults;
    } = {},
  ) {
    this.#stage = options.stage ?? 'local';
    this.#assemble = options.assemble ?? localAssembly;
    this.#templates = options.templates ?? (this.#assemble === localAssembly ? 'local' : 'other');
    this.#faults = options.faults;
  }

  get runtime(): Runtime {
    if (!this.#runtime) throw new Error('The platform is not running: start it first.');
    return this.#runtime;
  }

  get #dataDir(): string {
    return path.join(this.#dir, 'data');
  }

  /** Starts, or starts again with what was there when it was stopped. */
  async start(): Promise<void> {
    const assemblyDir = await this.#assemble(this.#dir);
    const recordDir = recordDirOf(this.#dataDir);
    this.#runtime = await startRuntime({
      assemblyDir,
      dataDir: this.#dataDir,
      awsPort: 0,
      platformPort: 0,
      ...(recordDir === undefined ? {} : { recordDir }),
      ...(this.#faults ? { faults: this.#faults } : {}),
    });
  }

  async stop(): Promise<void> {
    await this.#runtime?.stop();
    this.#runtime = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    keepRun(this.#dataDir, { name: testFile(), templates: this.#templates });
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** Calls an endpoint as API Gateway would after its authorizer; a good answer is checked against the contract. */
  async call<Endpoint extends EndpointDefinition>(
    endpoint: Endpoint,
    { params, query, body, as = admin }: CallInput<Endpoint>,
  ): Promise<{ status: number; body: z.output<Endpoint['response']>; problem: Problem }> {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const answer = (await this.invoke(endpoint.service, 'http', {
      version: '2.0',
      routeKey: `${endpoint.method} ${endpoint.path}`,
      pathParameters: params,
      queryStringParameters: query ?? {},
      body: text,
      requestContext: { authorizer: { lambda: { identity: JSON.stringify(as) } } },
    })) as { statusCode: number; body: string };
    const parsed: unknown = JSON.parse(answer.body);
    const good = answer.statusCode === endpoint.successStatus;
    return {
      status: answer.statusCode,
      body: good ? (endpoint.response.parse(parsed) as z.output<Endpoint['response']>) : ({} as never),
      problem: parsed as Problem,
    };
  }

  /** Invokes a function and answers its payload; a failed one throws its error, by name and message. */
  async invoke(service: ServiceName, handler: string, payload: unknown): Promise<unknown> {
    const { Payload, FunctionError } = await new LambdaClient(this.#clientConfig).send(
      new InvokeCommand({
        FunctionName: functionName(this.#stage, service, handler),
        Payload: Buffer.from(JSON.stringify(payload)),
      }),
    );
    const answer: unknown = Payload?.length ? JSON.parse(Buffer.from(Payload).toString('utf8')) : undefined;
    if (!FunctionError) return answer;
    const { errorType, errorMessage } = answer as { errorType: string; errorMessage: string };
    throw Object.assign(new Error(errorMessage), { name: errorType });
  }

  upload(key: string, content: string | Uint8Array): Promise<void> {
    return this.put('uploads', key, content);
  }

  async put(bucket: BucketPurpose, key: string, content: string | Uint8Array): Promise<void> {
    const Bucket = this.runtime.endpoints.buckets[bucket];
    await this.#s3.send(new PutObjectCommand({ Bucket, Key: key, Body: content }));
  }

  async read(bucket: BucketPurpose, key: string): Promise<Buffer> {
    const Bucket = this.runtime.endpoints.buckets[bucket];
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket, Key: key }));
    return Buffer.from(await Body!.transformToByteArray());
  }

  get #s3(): S3Client {
    return new S3Client({ ...this.#clientConfig, forcePathStyle: true });
  }

  /** Asks an operation of MLflow's API, as anybody on this machine may; a refusal throws. */
  async mlflow(method: string, path: string, message: object): Promise<Record<string, unknown>> {
    const answer = await fetch(`${this.runtime.endpoints.platformUrl}/api/2.0/mlflow/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** Puts a fact on the bus, as the service that owns it would. */
  async publish(event: DomainEvent): Promise<void> {
    const Detail = JSON.stringify(event.detail);
    const entry = {
      EventBusName: busName(this.#stage),
      Source: event.source,
      DetailType: event.detailType,
      Detail,
    };
    await new EventBridgeClient(this.#clientConfig).send(new PutEventsCommand({ Entries: [entry] }));
  }

  /** Asks until there is an answer. Throws, naming what was waited for, when there is none for long. */
  async eventually<Value>(what: string, ask: () => Promise<Value | undefined>): Promise<Value> {
    const giveUpAtMs = Date.now() + patienceMs;
    while (Date.now() < giveUpAtMs) {
      const value = await ask();
      if (value !== undefined) return value;
      await sleep(pollMs);
    }
    throw new Error(`${what} did not come within ${patienceMs / 1000} s.`);
  }

  get #clientConfig() {
    const { awsUrl, region, credentials } = this.runtime.endpoints;
    return { endpoint: awsUrl, region, credentials };
  }
}
