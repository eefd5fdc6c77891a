import type { AwsRequest, AwsResponse, RuntimeContext } from '../../emulated-service.ts';
import { AwsError } from '../../emulated-service.ts';
import { InvocationTimeout } from '../serving/serving-process.ts';
import type { Endpoints } from './endpoints.ts';
import type { VariantAnswer, VariantHost } from './variant-host.ts';

const MEBIBYTE = 1024 * 1024;
const INSTANCE_BODY_BYTES = 6 * MEBIBYTE;
const SERVERLESS_BODY_BYTES = 4 * MEBIBYTE;
const TIMEOUT_MS = 60_000;
const PREFIX = 'x-amzn-sagemaker-';
const REFUSED_HEADERS = [
  'target-model',
  'target-container-hostname',
  'enable-explanations',
  'inference-component',
  'session-id',
];

/** InvokeEndpoint: picks a variant, passes the request to its program and words what goes wrong as the service does. */
export class InvokeEndpoint {
  readonly #context: RuntimeContext;
  readonly #endpoints: Endpoints;
  readonly #random: () => number;

  /** @param random gives numbers in [0, 1); decides which variant answers. */
  constructor(context: RuntimeContext, endpoints: Endpoints, random: () => number) {
    this.#context = context;
    this.#endpoints = endpoints;
    this.#random = random;
  }

  async handle(endpointName: string, request: AwsRequest): Promise<AwsResponse> {
    const startedMs = performance.now();
    assertHeaders(request.headers);
    const host = this.#chooseVariant(endpointName, request.headers[`${PREFIX}target-variant`]);
    const { VariantName, ServerlessConfig } = host.deployed.variant;
    const dimensions = { EndpointName: endpointName, VariantName };
    const body = await request.bytes();
    const limit = ServerlessConfig === undefined ? INSTANCE_BODY_BYTES : SERVERLESS_BODY_BYTES;
    if (body.length > limit)
      throw validationError(`The request body has ${body.length} bytes; at most ${limit} are allowed.`, 413);
    const modelStartedMs = performance.now();
    const record = (status: number, setupMs = 0): void => {
      const modelMs = performance.now() - modelStartedMs - setupMs;
      this.#recordMetrics(
        dimensions,
        status,
        modelMs,
        performance.now() - startedMs - modelMs - setupMs,
        setupMs,
      );
    };
    const result = await host
      .invoke(body, containerHeaders(request.headers), TIMEOUT_MS)
      .catch((error: unknown) => {
        record(error instanceof AwsError ? error.status : 500);
        throw error instanceof AwsError
          ? error
          : this.#modelError(endpointName, host, 0, lostAnswer(error), 500);
      });
    record(result.answer.status, result.setupMs);
    return this.#respond(endpointName, host, result);
  }

  #chooseVariant(endpointName: string, target: string | undefined): VariantHost {
    const serving = this.#endpoints.serving(endpointName);
    if (serving === undefined)
      throw validationError(`Endpoint ${endpointName} of account ${this.#context.accountId} not found.`);
    if (target !== undefined) {
      const found = serving.find(({ host }) => host.deployed.variant.VariantName === target);
      if (found === undefined)
        throw validationError(
          `Variant ${target} not found in endpoint ${endpointName}; it has ${serving.map(({ host }) => host.deployed.variant.VariantName).join(', ')}.`,
        );
      return found.host;
    }
    const total = serving.reduce((sum, { weight }) => sum + weight, 0);
    let point = this.#random() * total;
    const chosen = serving.find(({ weight }) => {
      point -= weight;
      return point < 0;
    });
    if (chosen === undefined)
      throw validationError(
        `All variants of endpoint ${endpointName} have weight 0; name one with TargetVariant.`,
      );
    return chosen.host;
  }

  #respond(endpointName: string, host: VariantHost, { answer }: VariantAnswer): AwsResponse {
    if (answer.status < 200 || answer.status > 299)
      throw this.#modelError(endpointName, host, answer.status, answer.body.toString('utf8'), answer.status);
    const attributes = answer.headers[`${PREFIX}custom-attributes`];
    return {
      status: 200,
      headers: {
        'content-type': String(answer.headers['content-type'] ?? 'application/octet-stream'),
        'x-amzn-invoked-production-variant': host.deployed.variant.VariantName,
        ...(typeof attributes === 'string' ? { [`${PREFIX}custom-attributes`]: attributes } : {}),
      },
      body: answer.body,
    };
  }

  #modelError(
    endpointName: string,
    host: VariantHost,
    status: number,
    message: string,
    originalStatus: number,
  ): AwsError {
    const group = `/aws/sagemaker/Endpoints/${endpointName}`;
    const side = status >= 400 && status < 500 ? 'client' : 'server';
    const { region, accountId } = this.#context;
    return new AwsError(
      'ModelError',
      `Received ${side} error (${status}) from primary with message "${message}". See the log group ${group} in account ${accountId} for more information.`,
      424,
      {
        OriginalStatusCode: originalStatus,
        OriginalMessage: message,
        LogStreamArn: `arn:aws:logs:${region}:${accountId}:log-group:${group}:log-stream:${host.deployed.variant.VariantName}/local`,
      },
    );
  }

  #recordMetrics(
    dimensions: { EndpointName: string; VariantName: string },
    status: number,
    modelMs: number,
    overheadMs: number,
    setupMs: number,
  ): void {
    const point = (name: string, value: number, unit: string) => ({ name, value, unit, dimensions });
    this.#context.cloudwatch.putMetricData('AWS/SageMaker', [
      point('Invocations', 1, 'Count'),
      point('Invocation4XXErrors', status >= 400 && status < 500 ? 1 : 0, 'Count'),
      point('Invocation5XXErrors', status >= 500 ? 1 : 0, 'Count'),
      point('ModelLatency', modelMs * 1000, 'Microseconds'),
      point('OverheadLatency', overheadMs * 1000, 'Microseconds'),
      ...(setupMs > 0 ? [point('ModelSetupTime', setupMs * 1000, 'Microseconds')] : []),
    ]);
  }
}

function validationError(message: string, status = 400): AwsError {
  return new AwsError('ValidationError', message, status);
}

function assertHeaders(headers: Readonly<Record<string, string>>): void {
  const refused = REFUSED_HEADERS.find((name) => headers[PREFIX + name] !== undefined);
  if (refused !== undefined)
    throw validationError(`The header X-Amzn-SageMaker-${refused} is not supported by the laptop runtime.`);
  const inferenceId = headers[`${PREFIX}inference-id`];
  if (inferenceId !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,63}$/.test(inferenceId))
    throw validationError(
      `InferenceId '${inferenceId}' is not allowed; it has 1 to 64 printable characters and does not begin with a space.`,
    );
  const attributes = headers[`${PREFIX}custom-attributes`] ?? '';
  if (attributes.length > 1024)
    throw validationError(`CustomAttributes has ${attributes.length} characters; at most 1024 are allowed.`);
}

/** What the container gets to see of the request. */
function containerHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const passed = ['content-type', 'accept', `${PREFIX}custom-attributes`, `${PREFIX}inference-id`];
  return Object.fromEntries(
    passed.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
}

function lostAnswer(error: unknown): string {
  return error instanceof InvocationTimeout
    ? 'Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch.'
    : `The model server ended before it answered: ${String(error)}`;
}
