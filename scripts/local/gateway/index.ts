import type { IncomingMessage } from 'node:http';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type EmulatedService,
  type RuntimeContext,
} from '../emulated-service.ts';
import { readSignatureClaim, type SignatureClaim } from './credential-scope.ts';
import { type HttpHead, toAwsRequest } from './http-request.ts';
import { type HttpListener, listenOnLoopback } from './http-server.ts';
import { asAwsError, protocolOf, renderError } from './render-error.ts';
import { createRequestRecorder, type RequestRecorder } from './request-recorder.ts';
import { signatureError } from './signature-errors.ts';
import { sha256Hex } from './signature-v4.ts';
import { verifiedBody } from './verified-body.ts';
import { type Identities, verifyRequest } from './verify-request.ts';

/** What the gateway serves and whom it asks. */
export interface GatewayOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly identities: Identities;
  /** Set by the runtime once the services exist; requests before that get 503. */
  readonly services: () => readonly EmulatedService[];
  readonly context: () => RuntimeContext;
  /** Folder for `requests.jsonl`; nothing is recorded when absent. */
  readonly recordDir?: string;
}

/**
 * The AWS endpoint of the runtime: one loopback port for all services. Every request is verified (Signature Version 4), decided by IAM
 * and handed to the service whose signing name it carries. Rejects with EADDRINUSE when the port is taken.
 */
export async function startGateway(options: GatewayOptions): Promise<HttpListener> {
  const recorder = options.recordDir === undefined ? undefined : createRequestRecorder(options.recordDir);
  const listener = await listenOnLoopback(options.port, async (head, body) => {
    const claim = readSignatureClaim(head);
    try {
      return await answer(options, recorder, head, claim, body);
    } catch (error) {
      return renderFailure(options, head, claim, error);
    }
  });
  return {
    ...listener,
    close: async () => {
      await listener.close();
      await recorder?.close();
    },
  };
}

async function answer(
  options: GatewayOptions,
  recorder: RequestRecorder | undefined,
  head: HttpHead,
  claim: SignatureClaim | undefined,
  body: IncomingMessage,
): Promise<AwsResponse> {
  if (claim === undefined) throw unsigned(head);
  const service = serviceOf(options.services(), claim.scope.signingName);
  const context = options.context();
  const request = await authenticate(options.identities, context, head, claim, body);
  await recorder?.record(request);
  const permissions = await service.authorize(request);
  demand(context, request, permissions, head);
  // Calls are throttled by the name of their IAM action, which REST services have too.
  const action = permissions[0]?.action.split(':')[1];
  if (action !== undefined) context.faults.beforeCall(request.signingName, action);
  return service.handle(request);
}

/** Services other than S3 have small bodies, whose hash is compared at once; an S3 body is compared while it streams. */
async function authenticate(
  identities: Identities,
  context: RuntimeContext,
  head: HttpHead,
  claim: SignatureClaim,
  body: IncomingMessage,
): Promise<AwsRequest> {
  const { signingName, region, accessKeyId } = claim.scope;
  const protocol = protocolOf(head, signingName);
  const identity = identities.identify(accessKeyId);
  if (identity === undefined) throw signatureError(protocol, 'unknownKey');
  if (region !== context.region) {
    throw signatureError(
      protocol,
      'incomplete',
      `the region '${region}' is wrong; expecting '${context.region}'`,
    );
  }
  const request = toAwsRequest(head, body, identity.principal, signingName);
  const check = await verifyRequest(head, claim, identity, () => request.bytes(), context.now());
  if (check === undefined) return request;
  if (signingName === 's3') {
    return toAwsRequest(head, verifiedBody(body, check.sha256), identity.principal, signingName);
  }
  if (sha256Hex(await request.bytes()) !== check.sha256) throw signatureError(protocol, 'payloadMismatch');
  return request;
}

function demand(
  context: RuntimeContext,
  request: AwsRequest,
  permissions: Parameters<RuntimeContext['iam']['demand']>[1],
  head: HttpHead,
): void {
  try {
    context.iam.demand(request.principal, permissions);
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== 'AccessDeniedException') throw error;
    const protocol = protocolOf(head, request.signingName);
    if (protocol === 's3-xml' || protocol === 'query-xml')
      throw new AwsError('AccessDenied', error.message, 403);
    // JSON-RPC services answer 400, REST ones 403.
    throw new AwsError(error.name, error.message, protocol === 'json' ? 400 : 403);
  }
}

function serviceOf(services: readonly EmulatedService[], signingName: string): EmulatedService {
  if (services.length === 0) {
    throw new AwsError('ServiceUnavailable', 'The laptop runtime is still starting; try again shortly.', 503);
  }
  const service = services.find((candidate) => candidate.signingNames.includes(signingName));
  if (service !== undefined) return service;
  const known = services.flatMap((candidate) => candidate.signingNames).sort();
  throw new AwsError(
    'NotImplemented',
    `The laptop runtime has no service that signs as "${signingName}". It has: ${known.join(', ')}.`,
    501,
  );
}

/** Unsigned requests: S3 answers those to a bucket's path, any other path gets the general answer. */
function unsigned(head: HttpHead): AwsError {
  const isJson = head.headers['x-amz-target'] !== undefined;
  const problem = head.headers['authorization'] === undefined ? 'missing' : 'incomplete';
  return signatureError(isJson ? 'json' : protocolOf(head, ''), problem);
}

function renderFailure(
  options: GatewayOptions,
  head: HttpHead,
  claim: SignatureClaim | undefined,
  error: unknown,
): AwsResponse {
  const signingName = claim?.scope.signingName ?? '';
  if (!(error instanceof AwsError)) {
    const stack = error instanceof Error ? error.stack : String(error);
    options.context().log('gateway', 'a service failed unexpectedly', {
      signingName,
      method: head.method,
      path: head.rawPath,
      target: head.headers['x-amz-target'],
      stack,
    });
  }
  return renderError(head, signingName, asAwsError(error));
}
