import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Assembly, readAssembly, type TemplateResource } from '../local/cloudformation/assembly.ts';
import { costKinds } from './resource-types.ts';

/** What the templates of a stage say about its cost. */
export interface StageFacts {
  readonly stage: string;
  /** By name without `millrace-<stage>-`. */
  readonly functions: Readonly<Record<string, { memoryGb: number; extraStorageGb: number }>>;
  /** Metrics that the alarms of the templates watch: each is billed. */
  readonly alarmMetrics: number;
  /** Functions that schedules call, and how often in a month. */
  readonly schedules: readonly { target: string; perMonth: number }[];
  readonly logRetentionDays: number;
  readonly archiveDays: number;
  /** How long API Gateway keeps an answer of the authorizer. */
  readonly authorizerTtlSeconds: number;
  /** Captures are gathered so long before a function is called with them. */
  readonly captureWindowSeconds: number;
  /** Bytes of code that a deployment puts into the bootstrap bucket. */
  readonly codeBytes: number;
}

export const monthHours = 730;
const defaultStorageMb = 512;

/** Reads `cdk.out` of one stage. Throws for resource types of which nobody knows what they cost. */
export function readStageFacts(assemblyDir: string): StageFacts {
  const assembly = readAssembly(assemblyDir);
  const stage = stageOf(assembly, assemblyDir);
  const resources = assembly.stacks.flatMap(({ template }) => Object.values(template.Resources));
  const unknown = resources.find(({ Type }) => costKinds[Type] === undefined);
  if (unknown) {
    throw new Error(
      `What ${unknown.Type} costs is not known: read its price page, then add it to scripts/cost/resource-types.ts and, where it costs something, to the bill.`,
    );
  }
  const of = (type: string) =>
    resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
  const short = (name: unknown) => String(name).replace(`millrace-${stage}-`, '');
  return {
    stage,
    functions: Object.fromEntries(
      of('AWS::Lambda::Function').map((properties) => [
        short(properties['FunctionName']),
        sizeOf(properties),
      ]),
    ),
    alarmMetrics: of('AWS::CloudWatch::Alarm').reduce((total, alarm) => total + watchedMetrics(alarm), 0),
    schedules: of('AWS::Scheduler::Schedule').map((schedule) => ({
      target: short(schedule['Name']),
      perMonth: timesPerMonth(String(schedule['ScheduleExpression'])),
    })),
    logRetentionDays: Math.max(...of('AWS::Logs::LogGroup').map((group) => Number(group['RetentionInDays']))),
    archiveDays: Math.max(
      0,
      ...of('AWS::Events::Archive').map((archive) => Number(archive['RetentionDays'])),
    ),
    authorizerTtlSeconds: Math.max(
      0,
      ...of('AWS::ApiGateway::Authorizer').map(({ AuthorizerResultTtlInSeconds: ttl }) => Number(ttl)),
    ),
    captureWindowSeconds: Math.max(
      0,
      ...of('AWS::Lambda::EventSourceMapping').map((mapping) =>
        Number(mapping['MaximumBatchingWindowInSeconds'] ?? 0),
      ),
    ),
    codeBytes: codeBytes(assembly, of('AWS::Lambda::Function'), of('AWS::Lambda::LayerVersion')),
  };
}

function stageOf({ stacks }: Assembly, assemblyDir: string): string {
  const [, stage] = /^Millrace-([a-z0-9]+)-/.exec(stacks[0]?.name ?? '') ?? [];
  if (stage === undefined)
    throw new Error(`${assemblyDir} holds no stack of Millrace: npm run synth makes it.`);
  return stage;
}

function sizeOf(properties: TemplateResource['Properties']) {
  const storage = properties['EphemeralStorage'] as { Size?: number } | undefined;
  return {
    memoryGb: Number(properties['MemorySize'] ?? 128) / 1024,
    extraStorageGb: ((storage?.Size ?? defaultStorageMb) - defaultStorageMb) / 1024,
  };
}

/** An alarm on an expression is billed for each metric in it. */
function watchedMetrics(alarm: TemplateResource['Properties']): number {
  const metrics = alarm['Metrics'] as readonly { MetricStat?: unknown }[] | undefined;
  return metrics ? metrics.filter(({ MetricStat }) => MetricStat !== undefined).length : 1;
}

function timesPerMonth(expression: string): number {
  const [, every = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const hours = { minute: 1 / 60, hour: 1, day: 24 }[unit];
  if (hours === undefined)
    throw new Error(`How often '${expression}' comes is not known: only rate(…) is read.`);
  return monthHours / (Number(every) * hours);
}

/** Each distinct piece of code once. */
function codeBytes(
  { assetPaths }: Assembly,
  functions: readonly TemplateResource['Properties'][],
  layers: readonly TemplateResource['Properties'][],
): number {
  const keys = [
    ...functions.map(({ Code }) => (Code as { S3Key?: unknown }).S3Key),
    ...layers.map(({ Content }) => (Content as { S3Key?: unknown }).S3Key),
  ];
  const paths = new Set(keys.map((key) => assetPaths.get(String(key))).filter((file) => file !== undefined));
  return [...paths].reduce((bytes, file) => bytes + sizeOnDisk(file), 0);
}

function sizeOnDisk(entry: string): number {
  if (!existsSync(entry)) return 0;
  if (statSync(entry).isFile()) return statSync(entry).size;
  return readdirSync(entry).reduce((bytes, name) => bytes + sizeOnDisk(path.join(entry, name)), 0);
}
