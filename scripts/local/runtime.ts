import path from 'node:path';
import { type Deployment, deployAssembly, readAssembly } from './cloudformation/index.ts';
import { createContext } from './context.ts';
import type { EmulatedService, Faults, RuntimeContext } from './emulated-service.ts';
import { noFaults } from './faults/index.ts';
import { startGateway } from './gateway/index.ts';
import { type DataFolder, takeDataFolder } from './host/data-folder.ts';
import { bucketsByPurpose, type Endpoints, writeEndpoints } from './host/endpoints.ts';
import { portRefused } from './host/free-port.ts';
import { openLogFile } from './host/log-file.ts';
import { createParts, type Parts, servicesOf } from './parts.ts';

const region = 'us-east-1';
const accountId = '000000000000';
const maxStopMs = 5000;

/** What to run and where. */
export interface RuntimeOptions {
  /** The cloud assembly (`cdk.out`) to run. */
  readonly assemblyDir: string;
  readonly dataDir: string;
  /** The data folder, where the caller has taken it already; it is released at stop. */
  readonly data?: DataFolder;
  /** 0 takes any free port, here and below. */
  readonly awsPort: number;
  readonly platformPort: number;
  readonly faults?: Faults;
  /** Where to record the AWS calls made, for comparison with the service models. */
  readonly recordDir?: string;
  /** Called beside the log file, which is `<dataDir>/runtime.log`. */
  readonly log?: RuntimeContext['log'];
  /** Injected clock, milliseconds since the epoch. */
  readonly now?: () => number;
}

/** A running runtime. */
export interface Runtime {
  readonly endpoints: Endpoints;
  readonly deployment: Deployment;
  /** The parts, for tests that look inside. */
  readonly services: Parts;
  /** Stops timers and children and flushes state; resolves within seconds. */
  stop(): Promise<void>;
}

/**
 * Runs a synthesized template on this machine: starts the emulated services, provisions every resource, resumes what a former run left
 * unfinished and writes `<dataDir>/endpoints.json`. Rejects with StartRefused or DeploymentFailed, with nothing left running.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const data = options.data ?? takeDataFolder(options.dataDir, false);
  const cleanups: (() => Promise<void> | void)[] = [() => data.release()];
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    return await start(options, data, cleanups, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: RuntimeOptions,
  data: DataFolder,
  cleanups: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<Runtime> {
  const assembly = readAssembly(options.assemblyDir);
  const logFile = openLogFile(path.join(data.dir, 'runtime.log'));
  cleanups.push(() => logFile.close());
  const log: RuntimeContext['log'] = (...line) => {
    logFile.log(...line);
    options.log?.(...line);
  };
  let parts: Parts | undefined;
  let running: readonly EmulatedService[] = [];
  const theParts = () => {
    if (parts === undefined) throw new Error('the parts of the runtime do not exist yet');
    return parts;
  };
  const gateway = await listening(options.awsPort, '--aws-port', () =>
    startGateway({
      port: options.awsPort,
      identities: { identify: (accessKeyId) => theParts().iam.identify(accessKeyId) },
      services: () => running,
      context: () => context,
      ...(options.recordDir === undefined ? {} : { recordDir: options.recordDir }),
    }),
  );
  cleanups.push(() => gateway.close());
  const context = createContext({
    region,
    accountId,
    dataDir: data.dir,
    awsUrl: gateway.url,
    platformPort: options.platformPort,
    assetPaths: assembly.assetPaths,
    faults: options.faults ?? noFaults,
    now: options.now ?? Date.now,
    log,
    parts: theParts,
  });
  parts = createParts(context, options);
  const services = servicesOf(parts);
  for (const service of services) {
    cleanups.push(() => stopService(service, log));
    await service.start();
  }
  const stateDir = context.folder('cloudformation');
  const deployment = await deployAssembly({ assembly, services, stateDir, region, accountId });
  running = services;
  for (const service of services) await service.resume?.();
  const endpoints = describeEndpoints(context, deployment);
  writeEndpoints(data.dir, endpoints);
  return { endpoints, deployment, services: parts, stop };
}

/** Runs something that listens, and words a taken port as the person at the keyboard can cure it. */
async function listening<Result>(port: number, flag: string, listen: () => Promise<Result>): Promise<Result> {
  try {
    return await listen();
  } catch (error) {
    throw portRefused(port, flag, error);
  }
}

/** A part that does not stop in time must not keep the others from flushing their state. */
async function stopService(service: EmulatedService, log: RuntimeContext['log']): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, maxStopMs, 'late');
  });
  try {
    if ((await Promise.race([service.stop(), late])) === 'late') log(service.name, 'did not stop in time');
  } catch (error) {
    log(service.name, 'failed to stop', { error: String(error) });
  } finally {
    clearTimeout(timer);
  }
}

function describeEndpoints(context: RuntimeContext, deployment: Deployment): Endpoints {
  const buckets = deployment.resources.filter((resource) => resource.type === 'AWS::S3::Bucket');
  return {
    platformUrl: context.platformUrl,
    apiUrls: context.apigateway.urls(),
    predictionUrl: context.platformUrl,
    awsUrl: context.awsUrl,
    region,
    accountId,
    buckets: bucketsByPurpose(
      buckets.map((bucket) => bucket.ref),
      region,
    ),
    credentials: context.iam.operatorCredentials(),
    pid: process.pid,
  };
}
