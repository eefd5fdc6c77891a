import type { Readable } from 'node:stream';

/**
 * The contract between the parts of the laptop runtime. Each folder beside this file emulates one AWS service, exports one
 * factory `create<Service>(context): EmulatedService & <its own Api>`, and reaches the others only through `context`.
 */

/** Who makes a call. `operator` is the person at the keyboard and the runtime itself: allowed everything. */
export type Principal =
  | { readonly kind: 'operator'; readonly arn: string }
  /** `arn` is the assumed-role ARN, `roleArn` the role whose policies decide. */
  | { readonly kind: 'role'; readonly arn: string; readonly roleArn: string }
  /** A service acting by itself (`events.amazonaws.com`): decided by resource policies such as AWS::Lambda::Permission. */
  | { readonly kind: 'service'; readonly service: string; readonly sourceArn?: string };

/** The principal that a service acts as once it has assumed a role, e.g. a state machine's. */
export function assumedRole(accountId: string, roleArn: string, sessionName: string): Principal {
  const roleName = roleArn.split('/').at(-1);
  // AWS takes 64 characters of a session name.
  const arn = `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName.slice(0, 64)}`;
  return { kind: 'role', arn, roleArn };
}

/** One signed request off the wire; its signature is verified before a service sees it. */
export interface AwsRequest {
  readonly requestId: string;
  readonly method: string;
  /** Raw path as sent (percent-encoded), without the query. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  /** Lower-case names; repeated headers joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The undecoded body. Read it once, here or through `bytes()`. */
  readonly stream: Readable;
  /** Reads the whole body, at most 64 MiB, and keeps it, so that it may be called repeatedly. */
  bytes(): Promise<Buffer>;
  readonly principal: Principal;
  /** Signing service name of the request: `dynamodb`, `s3`, `states`, … */
  readonly signingName: string;
}

/** What a service answers. A Readable body is streamed. */
export interface AwsResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
}

/** One action on one resource, with the condition keys that are known, e.g. `{ action: 'dynamodb:PutItem', resource: tableArn }`. */
export interface RequiredPermission {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** A resource of the template whose intrinsic functions are resolved. */
export interface ResourceDeclaration {
  readonly stackName: string;
  readonly logicalId: string;
  /** CloudFormation type, e.g. `AWS::DynamoDB::Table`. */
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** As it stands in the template: intrinsic functions in it are not resolved. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** `Ref` and `Fn::GetAtt` of the same resource at the last start, where it was provisioned before. */
  readonly previous?: ProvisionedResource;
}

/** What `Ref` and `Fn::GetAtt` give for a resource. Names that the template leaves out are made from stack and logical id, stable over restarts. */
export interface ProvisionedResource {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** One emulated AWS service. */
export interface EmulatedService {
  /** Folder name; also the folder of its state below the data folder. */
  readonly name: string;
  /** Signing names it answers on the wire; empty when it has no wire API. */
  readonly signingNames: readonly string[];
  /** CloudFormation types that it provisions. */
  readonly resourceTypes: readonly string[];
  /** Loads state from disk. Called once, before any provision. */
  start(): Promise<void>;
  /** Called after all resources stand: pollers, timers and interrupted executions start (again) here. */
  resume?(): Promise<void>;
  /** Creates or updates a resource; the same declaration again changes nothing and loses nothing. Rejects with `UnsupportedResource` for properties that it cannot honour. */
  provision(resource: ResourceDeclaration): Promise<ProvisionedResource>;
  /** Removes a resource that the template no longer has. */
  deprovision?(resource: ResourceDeclaration): Promise<void>;
  /** What the caller must be allowed to do; the gateway asks IAM before `handle`. */
  authorize(request: AwsRequest): Promise<readonly RequiredPermission[]>;
  /** Answers a request. Throws `AwsError` for errors of the service; anything else becomes InternalFailure 500. */
  handle(request: AwsRequest): Promise<AwsResponse>;
  /** Stops timers and children, flushes state. */
  stop(): Promise<void>;
}

/** An error as the service would send it; the gateway renders it in the protocol of the request (JSON, query XML, S3 XML). */
export class AwsError extends Error {
  readonly status: number;
  /** Further members of the error body, e.g. `CancellationReasons`. */
  readonly members: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.status = status;
    this.members = members;
  }
}

/** The template asks for something the laptop runtime does not imitate; names the type, the property and the cure. */
export class UnsupportedResource extends Error {
  constructor(type: string, what: string, cure: string) {
    super(`${type}: ${what} is not supported by the laptop runtime. ${cure}`);
    this.name = 'UnsupportedResource';
  }
}

/** Lets tests and the fault switch decide what goes wrong; see faults/. All are no-ops by default. */
export interface Faults {
  /** How many times, and after which delay in milliseconds each, a fact is delivered: `[0]` once at once, `[]` dropped, `[0, 500]` twice. */
  deliveries(channel: 's3-event' | 'bus' | 'sagemaker-event' | 'stream', key: string): readonly number[];
  /** Throws AwsError ThrottlingException where a call shall be throttled. */
  beforeCall(signingName: string, action: string): void;
}

/** What a part may use of the rest. APIs are looked up at call time, so parts can be created in any order. */
export interface RuntimeContext {
  readonly region: string;
  readonly accountId: string;
  /** This service's own folder on disk (exists). */
  folder(service: string): string;
  /** Address of the AWS wire endpoint, e.g. `http://127.0.0.1:4566`. */
  readonly awsUrl: string;
  /** Address of the platform port (API Gateway), e.g. `http://127.0.0.1:4700`. */
  readonly platformUrl: string;
  /** Milliseconds since the epoch; injected so that tests can move time where a part allows it. */
  now(): number;
  readonly faults: Faults;
  /** One line of diagnosis, written to the runtime's log file, not to the terminal. */
  log(part: string, message: string, details?: Record<string, unknown>): void;
  /**
   * Folder or file of the cloud assembly that the template names by an asset's object key (`Code.S3Key`, `Content.S3Key`).
   * Throws for a key that no `*.assets.json` of the assembly lists.
   */
  assetPath(objectKey: string): string;
  readonly iam: IamApi;
  readonly lambda: LambdaApi;
  readonly dynamodb: DynamoDbStreamsApi;
  readonly s3: S3Api;
  readonly events: EventsApi;
  readonly states: StatesApi;
  readonly sqs: SqsApi;
  readonly sns: SnsApi;
  readonly cloudwatch: CloudWatchApi;
  readonly logs: LogsApi;
  readonly apigateway: ApiGatewayApi;
  readonly ecr: EcrApi;
}

/** The holder of an access key. */
export interface Identity {
  readonly principal: Principal;
  readonly secretAccessKey: string;
  /** Set for the temporary keys of roles; requests must then carry it. */
  readonly sessionToken?: string;
}

export interface IamApi {
  /** Throws AwsError AccessDeniedException (403), worded as AWS words it, unless `principal` may do all of `permissions`. Records every decision. */
  demand(principal: Principal, permissions: readonly RequiredPermission[]): void;
  /** An access key pair that signs as the role; the same for the same role while the runtime runs. */
  credentialsForRole(
    roleArn: string,
    sessionName: string,
  ): { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  /** The key pair of the person at the keyboard, kept over restarts. */
  operatorCredentials(): { accessKeyId: string; secretAccessKey: string };
  /** The holder of an access key; undefined for a key that was never given out. */
  identify(accessKeyId: string): Identity | undefined;
  /** Throws unless the role exists and its trust policy lets the service assume it. */
  assertAssumable(roleArn: string, servicePrincipal: string): void;
}

export interface LambdaApi {
  /**
   * Invokes a function by name or ARN. `RequestResponse` resolves when it has answered; `Event` resolves at once and the
   * runtime retries twice, then sends to the function's dead-letter queue or on-failure destination.
   * A service principal needs an AWS::Lambda::Permission, a role needs lambda:InvokeFunction.
   */
  invoke(
    functionNameOrArn: string,
    payload: unknown,
    options: { type: 'RequestResponse' | 'Event'; principal: Principal },
  ): Promise<LambdaResult>;
}
export interface LambdaResult {
  /** Parsed JSON of the answer, or of the error `{ errorType, errorMessage, trace }`. */
  readonly payload: unknown;
  readonly functionError?: 'Handled' | 'Unhandled';
}

/** One change of an item, in DynamoDB's wire form (`{ S: … }`). */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  /** Set on removals by TTL, as AWS sets it. */
  readonly userIdentity?: { readonly type: 'Service'; readonly principalId: 'dynamodb.amazonaws.com' };
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Record<string, unknown>;
    readonly NewImage?: Record<string, unknown>;
    readonly OldImage?: Record<string, unknown>;
    /** Decimal string, strictly growing within a stream. */
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
}
export interface DynamoDbStreamsApi {
  /** Records after a sequence number (`'0'` = from the oldest kept), oldest first. Durable over restarts; kept 24 hours. */
  readStream(streamArn: string, afterSequenceNumber: string, limit: number): Promise<readonly StreamRecord[]>;
  /** The newest sequence number now, for a mapping that starts at LATEST. */
  latestSequenceNumber(streamArn: string): Promise<string>;
  /** Called with the new records of each commit, oldest first; returns the unsubscribe function. */
  onStreamRecord(streamArn: string, listener: (records: readonly StreamRecord[]) => void): () => void;
}

export interface S3Api {
  /** Reads an object as the runtime itself (assets, model archives); the caller has already demanded permission. */
  getObject(bucket: string, key: string): Promise<{ body: Buffer; etag: string; versionId?: string }>;
  /** Writes an object as the runtime itself, with all its consequences (versions, notifications). */
  putObject(
    bucket: string,
    key: string,
    body: Buffer,
    contentType?: string,
  ): Promise<{ etag: string; versionId?: string }>;
  listKeys(bucket: string, prefix: string): Promise<readonly string[]>;
  /** The bytes of an object as they come from disk, for what may be too big for memory. */
  readObject(bucket: string, key: string): Promise<Readable>;
  /** Writes an object of that size, at most 5 GiB, without holding it in memory; otherwise as `putObject`. */
  writeObject(bucket: string, key: string, body: Readable, sizeBytes: number): Promise<void>;
}

export interface EventEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources?: readonly string[];
  /** Bus name or ARN; the default bus when absent. */
  readonly busName?: string;
  readonly timeMs?: number;
}
export interface EventsApi {
  /** Publishes as an AWS service does (`aws.s3`, `aws.sagemaker`, …), to the default bus. Fault channel and durability are the bus's own affair. */
  publish(entries: readonly EventEntry[]): Promise<void>;
}

export interface StatesApi {
  /** Starts an execution as EventBridge or Scheduler does, under the role that the target names. */
  startExecution(
    stateMachineArn: string,
    input: unknown,
    options: { name?: string; principal: Principal },
  ): Promise<{ executionArn: string }>;
}

export interface SqsApi {
  /** Sends as a service does (dead letters, targets). `principal` needs sqs:SendMessage by the queue's policy or its own role. */
  sendMessage(
    queueArn: string,
    body: string,
    options: { principal: Principal; attributes?: Readonly<Record<string, string>> },
  ): Promise<void>;
  /** For event-source mappings: long-polls up to `waitSeconds`. */
  receive(queueArn: string, options: { max: number; waitSeconds: number }): Promise<readonly SqsMessage[]>;
  deleteMessages(queueArn: string, receiptHandles: readonly string[]): Promise<void>;
}
export interface SqsMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
  readonly md5OfBody: string;
}

export interface SnsApi {
  publish(
    topicArn: string,
    message: { subject?: string; body: string },
    options: { principal: Principal },
  ): Promise<void>;
}

export interface CloudWatchApi {
  /** Records data points: from PutMetricData, from embedded-metric-format log lines, and from services (`AWS/Lambda`, `AWS/SageMaker`). */
  putMetricData(
    namespace: string,
    points: readonly {
      name: string;
      value: number;
      unit?: string;
      dimensions: Readonly<Record<string, string>>;
      timestampMs?: number;
    }[],
  ): void;
}

export interface LogsApi {
  /**
   * Appends one event (a line without its line break) to a log group. Never throws and never waits: what cannot be written is
   * lost, as in AWS. Lines in the embedded metric format also become CloudWatch data points.
   */
  append(logGroupName: string, logStreamName: string, message: string): void;
  /** The newest events of a group, oldest first. */
  tail(logGroupName: string, limit: number): Promise<readonly LogEvent[]>;
}
export interface LogEvent {
  readonly timestampMs: number;
  readonly logStreamName: string;
  readonly message: string;
}

/** The programs that stand for a container image whose repository the template declares. */
export interface ContainerProgram {
  /** The folder that the image has as `/opt/program`; requests name a file of it. */
  readonly folder: string;
  /** Folders where it finds native packages, for NODE_PATH. */
  readonly modulePaths: readonly string[];
}
export interface EcrApi {
  /** The program behind an image URI of this account and region, whatever its tag or digest; undefined where there is none. */
  program(imageUri: string): ContainerProgram | undefined;
  /** URIs, without tag, of the images that there are programs for. */
  programImages(): readonly string[];
}

export interface ApiGatewayApi {
  /** Addresses of the deployed APIs, for endpoints.json: by API name. */
  urls(): Readonly<Record<string, string>>;
}
