import type { RuntimeContext } from '../emulated-service.ts';
import { clfTime, type GatewayAnswer, type GatewayRequest, headerOf } from './gateway-message.ts';
import type { Stage } from './model.ts';

/** Writes one line of the stage's access log, in its format; variables without a value become `-`, as in API Gateway. */
export function writeAccessLog(
  context: RuntimeContext,
  stage: Stage,
  request: GatewayRequest,
  answer: GatewayAnswer,
  latencyMs: number,
): void {
  if (stage.accessLog === undefined) return;
  const { trace = {} } = answer;
  const values: Record<string, string | number | undefined> = {
    requestId: request.requestId,
    extendedRequestId: request.requestId,
    requestTime: clfTime(request.receivedAtMs),
    requestTimeEpoch: request.receivedAtMs,
    httpMethod: request.method,
    path: request.path,
    protocol: 'HTTP/1.1',
    status: answer.status,
    responseLength: Buffer.byteLength(answer.body),
    responseLatency: latencyMs,
    integrationLatency: trace.integrationLatencyMs,
    integrationErrorMessage: trace.integrationError,
    'integration.error': trace.integrationError,
    'integration.latency': trace.integrationLatencyMs,
    'authorizer.error': trace.authorizerError,
    'authorizer.principalId': trace.principalId,
    'error.responseType': trace.errorType,
    routeKey: trace.routeKey,
    resourcePath: trace.resourcePath,
    stage: stage.name,
    apiId: stage.apiId,
    accountId: context.accountId,
    domainName: headerOf(request, 'host'),
    'identity.sourceIp': request.sourceIp,
    'identity.userAgent': headerOf(request, 'user-agent'),
    'identity.apiKeyId': trace.apiKeyId,
  };
  const line = stage.accessLog.format.replace(
    /\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g,
    (_variable, name: string) => String(values[name] ?? '-'),
  );
  context.logs.append(stage.accessLog.logGroupName, stage.apiId, line);
}
