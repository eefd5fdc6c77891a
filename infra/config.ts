import { readFileSync } from 'node:fs';
import type { Node } from 'constructs';
import * as z from 'zod';
import { signInSettings } from '#services/identity/env.ts';
import { iamGrants } from '#shared/contracts/iam-grants.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { processingRepositoryName } from '#shared/kernel/names.ts';

/** The stage that the laptop runtime runs, and the only one where a request without a token is answered. */
export const localStage = 'local';

/** Account and region that stage `local` pretends to be in. */
export const localEnvironment = { account: '000000000000', region: 'us-east-1' } as const;
const localProcessingImage = `${localEnvironment.account}.dkr.ecr.${localEnvironment.region}.amazonaws.com/${processingRepositoryName(localStage)}`;

/** Log retentions, in days, that CloudWatch Logs accepts and that a platform's logs are reasonably kept for. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653,
] as const;

const hostName = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
    'must be a host name such as millrace.example.com, without https:// and without a path',
  );

/** Names of the two APIs in the user's own DNS, in place of API Gateway's. */
const domainSettings = z
  .strictObject({
    platformName: hostName,
    predictionName: hostName,
    /** An issued certificate of ACM in the stage's region that covers both names. */
    certificateArn: z
      .string()
      .regex(
        /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/,
        'must be the ARN of an ACM certificate, arn:aws:acm:<region>:<account>:certificate/<id>',
      ),
    /** The public Route 53 zone that gets the two records; absent: outputs say what to put into another DNS. */
    hostedZoneId: z
      .string()
      .regex(/^Z[A-Z0-9]{1,31}$/, 'must be a hosted zone’s id, Z…')
      .optional(),
  })
  .refine(({ platformName, predictionName }) => platformName !== predictionName, {
    path: ['predictionName'],
    message: 'must be another name than platformName: each API has its own.',
  });

/** An image in ECR by tag or digest, as `npm run image` names it. */
const imageUri = z
  .string()
  .regex(
    /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[a-z0-9][a-z0-9._/-]*(:\w[\w.-]{0,127}|@sha256:[0-9a-f]{64})$/,
    'must be the URI of an image in ECR with its tag or digest, <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>; npm run image prints it',
  );

const stageSettings = z.strictObject({
  /** True keeps tables, buckets, queues, the bus and logs when their stack goes, and forbids deleting tables. */
  removalProtection: z.boolean(),
  logRetentionDays: z.literal(retentionDays),
  /** `host`: whatever this machine is, for the laptop runtime; deployed functions are arm64. */
  architecture: z.enum(['arm64', 'host']),
  /** A request without a token is the user `local`, an admin. Stage `local` only. */
  anonymousIdentity: z.boolean(),
  /**
   * How a new version of an API function takes over: `all_at_once`, or `canary`: by CodeDeploy, a tenth of the traffic for five
   * minutes, and back to the old version when an alarm fires.
   */
  functionDeployment: z.enum(['all_at_once', 'canary']),
  throttles: z.strictObject({
    /** Steady rate over all routes of the platform API. */
    requestsPerSecond: z.int().min(1).max(10_000),
    /**
     * Steady rate of each caller of MLflow's API, over all instances of a function and for tracking and registry each; twice
     * as many at once. Below 10 the instances would not hear of each other in time.
     */
    requestsPerSecondPerCaller: z.int().min(10).max(10_000).default(200),
    /** Steady rate per API key of the prediction API. */
    predictionsPerSecond: z.int().min(1).max(10_000),
    /** Requests above the steady rate that either API takes at once. */
    burst: z.int().min(1).max(5_000),
  }),
  /** Whether dead letters and server errors raise alarms, which are paid by the month (docs/guide/cost.md). */
  alarms: z.boolean().default(true),
  /** Where alarms go, besides the topic. */
  alarmEmail: z.email().optional(),
  /** Put on every role, where an organisation asks for one. */
  permissionsBoundaryArn: z.string().startsWith('arn:').optional(),
  /** An existing KMS key that everything stored is encrypted with; absent: keys of AWS, which cost nothing. */
  encryptionKeyArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
      'must be the ARN of a KMS key, arn:aws:kms:<region>:<account>:key/<id>; an alias cannot be named in policies',
    )
    .optional(),
  /** Copies versions and their approval to SageMaker's Model Registry (docs/guide/stages.md). */
  modelPackageMirror: z.boolean().default(false),
  /**
   * Bytes of text up to which a function checks a dataset version; what is bigger is checked by a Processing job. A function has 15
   * minutes, 10 GB of disk and 3 GB of memory, which do for the default of 2 GB.
   */
  functionCheckMaxBytes: z.int().min(0).max(4_000_000_000).default(2_000_000_000),
  /**
   * The image of jobs that check data too big for a function, which `npm run image` builds (docs/guide/stages.md); absent: such data is
   * refused. In stage `local` its program runs in place of it.
   */
  processingImage: imageUri.optional(),
  /** Kinesis streams whose messages are records of features, besides the stage's queue; the streams are the user's own. */
  featureRecordStreams: z
    .array(
      z
        .string()
        .regex(
          /^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:\d{12}:stream\/[A-Za-z0-9_.-]{1,128}$/,
          'must be the ARN of a Kinesis stream, arn:aws:kinesis:<region>:<account>:stream/<name>',
        ),
    )
    .max(10)
    .default([]),
  domain: domainSettings.optional(),
  /** Whether a CloudFront distribution before the platform API tells MLflow's clients up to 3.17 what helps with big artifacts. */
  trackingFront: z.boolean().default(false),
  signIn: signInSettings.optional(),
  /** Who signs requests of MLflow's API with keys of AWS, below `/iam`, and what they may do; absent: nobody. */
  iamGrants: iamGrants.optional(),
});

/** At most ten characters, so that the longest physical names stay within their limits. */
const stageName = z
  .string()
  .regex(
    /^[a-z][a-z0-9]{0,9}$/,
    'must begin with a letter and hold at most 10 lower-case letters and digits',
  );

const contextSchema = z
  .object({
    stage: stageName,
    stages: z.record(stageName, stageSettings),
    /** Where functions reach SageMaker instead of at AWS, for a stage on an emulator that has none (docs/adr/0011). */
    sagemakerEndpoint: z
      .url({
        protocol: /^https?$/,
        error: 'must be an http or https URL, e.g. http://127.0.0.1:4580',
      })
      .optional(),
  })
  .superRefine(({ stage, stages }, report) => {
    if (!stages[stage]) {
      const known = Object.keys(stages).join(', ');
      report.addIssue({
        code: 'custom',
        path: ['stage'],
        message: `'${stage}' is none of the stages in cdk.json: ${known}. Pick one with -c stage=…, or add it there.`,
      });
    }
    for (const [name, settings] of Object.entries(stages)) {
      for (const message of stageViolations(name, settings)) {
        report.addIssue({ code: 'custom', path: ['stages', name], message });
      }
    }
  });

function stageViolations(name: string, settings: z.output<typeof stageSettings>): string[] {
  const isLocal = name === localStage;
  return [
    ...(settings.anonymousIdentity && !isLocal
      ? [`anonymousIdentity must be false: only '${localStage}' may answer requests without a token.`]
      : []),
    ...(settings.alarmEmail && !settings.alarms
      ? ['alarmEmail needs alarms: true, for without alarms nothing is sent.']
      : []),
    ...(settings.functionDeployment === 'canary' && !settings.alarms
      ? ["functionDeployment 'canary' needs alarms: true, for alarms are what sends a bad version back."]
      : []),
    ...((settings.architecture === 'host') !== isLocal
      ? [`architecture must be '${isLocal ? 'host' : 'arm64'}' in this stage.`]
      : []),
    ...(settings.encryptionKeyArn && isLocal
      ? ['encryptionKeyArn must be left out in this stage: the laptop has no KMS.']
      : []),
    ...(settings.featureRecordStreams.length > 0 && isLocal
      ? ['featureRecordStreams must be left out in this stage: the laptop has no Kinesis.']
      : []),
    ...(settings.domain && isLocal
      ? ['domain must be left out in this stage: the laptop serves on 127.0.0.1.']
      : []),
    ...(settings.processingImage &&
    isLocal &&
    !settings.processingImage.startsWith(`${localProcessingImage}:`)
      ? [
          `processingImage must be ${localProcessingImage}:<any tag> in this stage: the laptop runs its program.`,
        ]
      : []),
    ...(settings.trackingFront && isLocal
      ? ['trackingFront must be left out in this stage: the laptop has no CloudFront.']
      : []),
    ...(settings.functionDeployment === 'canary' && isLocal
      ? ["functionDeployment must be 'all_at_once' in this stage: the laptop runtime has no CodeDeploy."]
      : []),
  ];
}

/** What a stage decides: the part of cdk.json's context that belongs to it, with its name, and what the command line adds. */
export type StageConfig = z.output<typeof stageSettings> & {
  readonly stage: string;
  readonly sagemakerEndpoint?: string;
};

/** Reads the stage that the context names. Throws InvalidStage with every violation and its place in cdk.json. */
export function readStageConfig(node: Node): StageConfig {
  const context = contextSchema.safeParse({
    stage: node.tryGetContext('stage'),
    stages: node.tryGetContext('stages'),
    sagemakerEndpoint: node.tryGetContext('sagemakerEndpoint'),
  });
  if (!context.success) {
    throw new AppError(
      'invalid_input',
      'InvalidStage',
      `The context in cdk.json is not valid: ${z.prettifyError(context.error)}`,
    );
  }
  const { stage, stages, sagemakerEndpoint } = context.data;
  return { stage, ...stages[stage]!, ...(sagemakerEndpoint ? { sagemakerEndpoint } : {}) };
}

/** JSON Schema of cdk.json, for editors: the stages in its context; what else it holds is CDK's. */
export function cdkJsonSchema(): Record<string, unknown> {
  const { $schema, ...context } = z.toJSONSchema(contextSchema, { io: 'input' });
  return { $schema, title: 'cdk.json of Millrace', type: 'object', properties: { context } };
}

/** The context of cdk.json, for runs without the CDK command line. */
export function contextOfCdkJson(): Record<string, unknown> {
  const text = readFileSync(new URL('../cdk.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { context: Record<string, unknown> }).context;
}
