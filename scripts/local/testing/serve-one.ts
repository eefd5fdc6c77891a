import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  AwsError,
  type EmulatedService,
  type Faults,
  type IamApi,
  type Principal,
  type RuntimeContext,
} from '../emulated-service.ts';
import { readSignatureClaim } from '../gateway/credential-scope.ts';
import { type HttpHead, toAwsRequest } from '../gateway/http-request.ts';
import { listenOnLoopback } from '../gateway/http-server.ts';
import { asAwsError, renderError } from '../gateway/render-error.ts';

/** The parts of the context that other services fulfil. */
export type ServiceApis = Writable<
  Pick<
    RuntimeContext,
    | 'iam'
    | 'lambda'
    | 'dynamodb'
    | 's3'
    | 'events'
    | 'states'
    | 'sqs'
    | 'sns'
    | 'cloudwatch'
    | 'logs'
    | 'apigateway'
    | 'ecr'
  >
>;
type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** What may be chosen; everything has a default. */
export interface ServeOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly region?: string;
  /** Looked up at each call, so a test may add to it after the services are created. */
  readonly apis?: Partial<ServiceApis>;
  /** Folder for state, kept at close; a fresh temporary one, removed at close, when absent. */
  readonly dataDir?: string;
  readonly now?: () => number;
  readonly faults?: Faults;
  /** Who all callers are; the operator when absent. */
  readonly principal?: Principal;
  readonly platformUrl?: string;
  readonly log?: RuntimeContext['log'];
  /** Where an asset key of a template lies on disk; throws for any key when absent. */
  readonly assetPath?: RuntimeContext['assetPath'];
}

/** Services under test, reachable by AWS SDK clients with `endpoint: url` and any credentials. */
export interface ServedServices<Services extends readonly EmulatedService[]> {
  readonly url: string;
  readonly context: RuntimeContext;
  /** Created by the factories in their order, and started. */
  readonly services: Services;
  close(): Promise<void>;
}

type Factory = (context: RuntimeContext) => EmulatedService;
type Created<Factories extends readonly Factory[]> = { [K in keyof Factories]: ReturnType<Factories[K]> };

/**
 * Serves emulated services over HTTP on a loopback port, without signature and IAM checks: a request goes to the service whose
 * signing name stands in its credential scope. For wire tests of one part and for the SageMaker host; `resume` and `provision` are left
 * to the caller.
 */
export async function serveServices<const Factories extends readonly Factory[]>(
  factories: Factories,
  options: ServeOptions = {},
): Promise<ServedServices<Created<Factories>>> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'millrace-test-'));
  const bySigningName = new Map<string, EmulatedService>();
  const listener = await listenOnLoopback(options.port ?? 0, (head, body) => {
    const signingName = readSignatureClaim(head)?.scope.signingName ?? '';
    const request = toAwsRequest(head, body, options.principal ?? operator, signingName);
    return answer(bySigningName.get(signingName), head, request, context);
  });
  const context = makeTestContext({ ...options, dataDir, awsUrl: listener.url });
  const services = factories.map((create) => create(context));
  for (const service of services) {
    for (const signingName of service.signingNames) bySigningName.set(signingName, service);
    await service.start();
  }
  return {
    url: listener.url,
    context,
    services: services as unknown as Created<Factories>,
    close: async () => {
      await listener.close();
      for (const service of services) await service.stop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function answer(
  service: EmulatedService | undefined,
  head: HttpHead,
  request: Parameters<EmulatedService['handle']>[0],
  context: RuntimeContext,
) {
  try {
    if (service === undefined) {
      throw new AwsError('UnknownService', `no service under test signs as "${request.signingName}"`, 501);
    }
    return await service.handle(request);
  } catch (error) {
    if (!(error instanceof AwsError)) context.log(service?.name ?? 'gateway', `unexpected: ${String(error)}`);
    return renderError(head, request.signingName, asAwsError(error));
  }
}

/** A context without a server, for unit tests of one part: APIs that are not given throw when they are used. */
export function makeTestContext(
  options: ServeOptions & { dataDir: string; awsUrl?: string },
): RuntimeContext {
  const apis: Partial<ServiceApis> = options.apis ?? {};
  const look = <Name extends keyof ServiceApis>(name: Name): ServiceApis[Name] => {
    const api = apis[name];
    if (api === undefined)
      throw new Error(`context.${name} is not part of this test; pass it in options.apis`);
    return api;
  };
  return {
    region: options.region ?? 'us-east-1',
    accountId: '000000000000',
    folder(service) {
      const folder = path.join(options.dataDir, service);
      mkdirSync(folder, { recursive: true });
      return folder;
    },
    awsUrl: options.awsUrl ?? 'http://127.0.0.1:0',
    platformUrl: options.platformUrl ?? 'http://127.0.0.1:0',
    now: options.now ?? Date.now,
    faults: options.faults ?? noFaults,
    log: options.log ?? (() => undefined),
    assetPath:
      options.assetPath ??
      ((objectKey) => {
        throw new Error(`asset ${objectKey} is not part of this test; pass options.assetPath`);
      }),
    get iam() {
      return apis.iam ?? allowEverything;
    },
    get lambda() {
      return look('lambda');
    },
    get dynamodb() {
      return look('dynamodb');
    },
    get s3() {
      return look('s3');
    },
    get events() {
      return look('events');
    },
    get states() {
      return look('states');
    },
    get sqs() {
      return look('sqs');
    },
    get sns() {
      return look('sns');
    },
    get cloudwatch() {
      return look('cloudwatch');
    },
    get logs() {
      return look('logs');
    },
    get apigateway() {
      return look('apigateway');
    },
    get ecr() {
      return look('ecr');
    },
  };
}

const operator: Principal = { kind: 'operator', arn: 'arn:aws:iam::000000000000:user/operator' };

const noFaults: Faults = { deliveries: () => [0], beforeCall: () => undefined };

/** An IAM that says yes, for tests of other parts; pass the real one to test decisions. */
export const allowEverything: IamApi = {
  demand: () => undefined,
  credentialsForRole: (roleArn) => ({
    accessKeyId: 'ASIATESTROLE00000000',
    secretAccessKey: 'test-secret',
    sessionToken: roleArn,
  }),
  operatorCredentials: () => ({ accessKeyId: 'AKIATESTOPERATOR0000', secretAccessKey: 'test-secret' }),
  identify: () => undefined,
  assertAssumable: () => undefined,
};
