import { type AnswerTrace, type GatewayAnswer, type GatewayRequest, jsonAnswer } from './gateway-message.ts';
import type { GatewayResponseOverride } from './model.ts';

/** The errors that a REST API answers by itself: its status, error header and message ("Gateway response types for API Gateway"). */
const restErrors = {
  ACCESS_DENIED: [403, 'AccessDeniedException', 'User is not authorized to access this resource'],
  API_CONFIGURATION_ERROR: [500, 'InternalServerErrorException', 'Internal server error'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'AuthorizerConfigurationException', null],
  BAD_REQUEST_BODY: [400, 'BadRequestException', 'Invalid request body'],
  BAD_REQUEST_PARAMETERS: [400, 'BadRequestException', 'Missing required request parameters'],
  INTEGRATION_FAILURE: [502, 'InternalServerErrorException', 'Internal server error'],
  INTEGRATION_TIMEOUT: [504, 'InternalServerErrorException', 'Endpoint request timed out'],
  INVALID_API_KEY: [403, 'ForbiddenException', 'Forbidden'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'],
  QUOTA_EXCEEDED: [429, 'LimitExceededException', 'Limit Exceeded'],
  REQUEST_TOO_LARGE: [413, 'BadRequestException', 'Request Too Long'],
  THROTTLED: [429, 'TooManyRequestsException', 'Too Many Requests'],
  UNAUTHORIZED: [401, 'UnauthorizedException', 'Unauthorized'],
} as const satisfies Record<string, readonly [number, string, string | null]>;

/** Name of a gateway response. */
export type RestErrorType = keyof typeof restErrors;

/** The gateway responses that a template changes, by response type. */
export type ResponseOverrides = ReadonlyMap<string, GatewayResponseOverride>;

/**
 * An error of the gateway itself, as the template's gateway responses change it: the one of this type, or else DEFAULT_4XX or DEFAULT_5XX.
 * @param message a more precise message than the type's own
 */
export function restError(
  type: RestErrorType,
  request: GatewayRequest,
  overrides: ResponseOverrides,
  message?: string,
  trace: AnswerTrace = {},
): GatewayAnswer {
  const [status, errorType, standardMessage] = restErrors[type];
  const text = message ?? standardMessage;
  const override = overrides.get(type) ?? overrides.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const answer = jsonAnswer(status, { message: text }, [
    ['x-amzn-errortype', errorType],
    ['x-amzn-requestid', request.requestId],
  ]);
  const traced = { ...trace, errorType: type };
  if (override === undefined) return { ...answer, trace: traced };
  const extra = Object.entries(override.headers).map(([name, value]) => [name, value] as const);
  return {
    status: override.statusCode ?? status,
    headers: [...answer.headers, ...extra],
    body: override.template === undefined ? answer.body : fill(override.template, request, type, text),
    trace: traced,
  };
}

/** Fills the `$context` variables that gateway responses have; unknown ones become empty, as in a mapping template. */
function fill(template: string, request: GatewayRequest, type: string, message: string | null): string {
  const values: Record<string, string> = {
    'error.messageString': JSON.stringify(message),
    'error.message': message ?? '',
    'error.responseType': type,
    requestId: request.requestId,
    extendedRequestId: request.requestId,
    httpMethod: request.method,
    path: request.path,
  };
  return template.replace(
    /\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g,
    (_variable, name: string) => values[name] ?? '',
  );
}
