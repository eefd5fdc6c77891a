import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type {
  EmulatedService,
  LambdaApi,
  LambdaResult,
  Principal,
  ProvisionedResource,
  ResourceDeclaration,
  RuntimeContext,
} from '../emulated-service.ts';
import { AwsError } from '../emulated-service.ts';
import { Aliases } from './aliases.ts';
import { AsyncInvocations } from './async-invocations.ts';
import { FunctionCatalogue, type InvocationTarget } from './catalogue.ts';
import { sandboxEnvironment } from './environment.ts';
import { EventStore } from './event-store.ts';
import { FunctionLogs } from './function-logs.ts';
import { Invoker } from './invoker.ts';
import { Mappings } from './mappings.ts';
import { servicePermitted } from './permissions.ts';
import { Provisioner, resourceTypes } from './provisioner.ts';
import { Publications } from './publications.ts';
import { RuntimeApi } from './runtime-api.ts';
import { Sandbox, type SandboxHost } from './sandbox.ts';
import { type PoolLimits, SandboxPool } from './sandbox-pool.ts';
import { VersionNumbers } from './version-numbers.ts';
import { authorizeRequest, handleRequest, type WireParts } from './wire.ts';

/** What a test or a small machine may set differently. */
export interface LambdaOptions {
  readonly limits?: Partial<PoolLimits>;
  /** Milliseconds before the first and second retry of a failed asynchronous event. AWS waits one and two minutes. */
  readonly asyncRetryDelaysMs?: readonly number[];
  /** Milliseconds before the nth retry of what an event source delivered. */
  readonly mappingRetryDelayMs?: (retry: number) => number;
  /** Numbers from 0 to below 1, by which weighted aliases pick a version. */
  readonly random?: () => number;
}

const defaultLimits: PoolLimits = {
  maxSandboxesPerFunction: 2,
  maxSandboxes: 20,
  maxBackground: 6,
  idleMs: 60_000,
};

/** AWS Lambda: functions of the templates in child processes, event-source mappings, and the part of the API that clients use. */
export function createLambda(
  context: RuntimeContext,
  options: LambdaOptions = {},
): EmulatedService & LambdaApi {
  const folder = context.folder('lambda');
  const runtimeApi = new RuntimeApi();
  const host = sandboxHost(context, folder, runtimeApi);
  const limits = { ...defaultLimits, ...options.limits };
  const pool = new SandboxPool(limits, (config) => new Sandbox(host, config), context.now);
  const publications = new Publications(path.join(folder, 'publications.json'));
  const numbers = new VersionNumbers(path.join(folder, 'version-numbers.json'));
  const catalogue = new FunctionCatalogue(
    `arn:aws:lambda:${context.region}:${context.accountId}:function:`,
    publications,
    options.random ?? Math.random,
  );
  const aliases = new Aliases(catalogue, publications);
  const invoker = new Invoker(context, catalogue, pool);
  const mappings = new Mappings(
    context,
    invoker,
    path.join(folder, 'mappings'),
    options.mappingRetryDelayMs ?? ((retry) => Math.min(10_000, 100 * 2 ** retry)),
  );
  const versions = { catalogue, publications, aliases, numbers };
  const provisioner = new Provisioner(context, versions, mappings, (name, version) =>
    pool.retire(name, version),
  );
  const asyncInvocations = new AsyncInvocations(
    context,
    invoker,
    new EventStore(path.join(folder, 'events')),
    options.asyncRetryDelaysMs ?? [1_000, 2_000],
    (functionName) => provisioner.eventInvokeConfig(functionName),
  );
  const wire: WireParts = {
    context,
    invoker,
    asyncInvocations,
    aliases,
    publications,
    mappings: () => mappings.list(),
  };

  return {
    name: 'lambda',
    signingNames: ['lambda'],
    resourceTypes,
    async start() {
      rmSync(host.temporaryFolder, { recursive: true, force: true });
      mkdirSync(path.join(folder, 'events'), { recursive: true });
      await runtimeApi.listen();
      await numbers.load();
      publications.load();
    },
    async resume() {
      await asyncInvocations.resume();
      await mappings.start();
    },
    provision: (resource: ResourceDeclaration): Promise<ProvisionedResource> =>
      provisioner.provision(resource),
    async deprovision(resource: ResourceDeclaration) {
      await provisioner.deprovision(resource);
    },
    authorize: async (request) => authorizeRequest(wire, request),
    handle: (request) => handleRequest(wire, request),
    async stop() {
      mappings.stop();
      asyncInvocations.stop();
      await pool.stop();
      await runtimeApi.close();
    },
    async invoke(functionNameOrArn, payload, { type, principal }): Promise<LambdaResult> {
      const target = catalogue.resolve(functionNameOrArn);
      demandInvoke(context, provisioner, target, principal);
      const text = JSON.stringify(payload ?? {});
      if (type === 'Event') {
        await asyncInvocations.accept(target, text);
        return { payload: null };
      }
      const result = await invoker.run(target, text, { lane: laneOf(principal), mayWait: false });
      const parsed = JSON.parse(result.body.toString()) as unknown;
      return result.failed ? { payload: parsed, functionError: 'Unhandled' } : { payload: parsed };
    },
  };
}

/** A person waits behind API Gateway; behind the other services waits a queue. */
function laneOf(principal: Principal): 'interactive' | 'background' {
  const isApi = principal.kind === 'service' && principal.service === 'apigateway.amazonaws.com';
  return isApi || principal.kind === 'operator' ? 'interactive' : 'background';
}

function demandInvoke(
  context: RuntimeContext,
  provisioner: Provisioner,
  target: InvocationTarget,
  principal: Principal,
): void {
  const permission = { action: 'lambda:InvokeFunction', resource: target.invokedArn };
  if (principal.kind !== 'service') {
    context.iam.demand(principal, [permission]);
    return;
  }
  const permitted = servicePermitted(provisioner.permissions(), principal, {
    functionName: target.config.name,
    accountId: context.accountId,
    ...(target.qualifier !== undefined && { qualifier: target.qualifier }),
  });
  if (!permitted) {
    const source = principal.sourceArn === undefined ? '' : ` for ${principal.sourceArn}`;
    throw new AwsError(
      'AccessDeniedException',
      `${principal.service} is not authorized to perform: lambda:InvokeFunction on resource: ${target.invokedArn}${source} because no AWS::Lambda::Permission of the template allows it`,
      403,
    );
  }
}

function sandboxHost(context: RuntimeContext, folder: string, runtimeApi: RuntimeApi): SandboxHost {
  const logs = new FunctionLogs(context);
  return {
    runtimeApi,
    temporaryFolder: path.join(folder, 'tmp'),
    now: context.now,
    environment(config, logStreamName) {
      logs.open(config, logStreamName);
      return sandboxEnvironment(context, config, logStreamName, path.join(folder, 'compile-cache'));
    },
    log: (config, logStreamName, line) => logs.write(config, logStreamName, line),
  };
}
