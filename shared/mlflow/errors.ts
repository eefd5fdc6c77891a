import type * as z from 'zod';
import { AppError, type ErrorKind } from '#shared/kernel/errors.ts';

/** Error codes of MLflow (mlflow/protos/databricks.proto) with the statuses that its clients expect; clients repeat every 5xx for minutes. */
const answers = {
  invalid_input: ['INVALID_PARAMETER_VALUE', 400],
  unauthenticated: ['UNAUTHENTICATED', 401],
  forbidden: ['PERMISSION_DENIED', 403],
  not_found: ['RESOURCE_DOES_NOT_EXIST', 404],
  already_exists: ['RESOURCE_ALREADY_EXISTS', 400],
  conflict: ['RESOURCE_CONFLICT', 409],
  precondition_failed: ['BAD_REQUEST', 400],
  throttled: ['REQUEST_LIMIT_EXCEEDED', 429],
  unavailable: ['TEMPORARILY_UNAVAILABLE', 503],
} as const satisfies Record<ErrorKind, readonly [string, number]>;

export interface MlflowError {
  readonly status: number;
  readonly body: { readonly error_code: string; readonly message: string };
}

/** More is cut off: an answer stays small whatever was sent. */
const maxMessageLength = 8000;

/** Renders an error for MLflow's clients; whatever is not an AppError says nothing of the inside. */
export function mlflowErrorOf(error: unknown, requestId: string): MlflowError {
  if (!(error instanceof AppError)) {
    const message = `Something broke on our side. Tell the operators the request id ${requestId}.`;
    return { status: 500, body: { error_code: 'INTERNAL_ERROR', message } };
  }
  const [errorCode, status] = error.code === 'RouteNotFound' ? routeNotFound : answers[error.kind];
  const { message } = error;
  const short = message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message;
  return { status, body: { error_code: errorCode, message: short } };
}

const routeNotFound = ['ENDPOINT_NOT_FOUND', 404] as const;

/** A message by its schema. Throws InvalidParameterValue in the words of MLflow's server, which clients and their tests look for. */
export function parseMessage<Message extends z.ZodType>(schema: Message, value: unknown): z.output<Message> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = parameterName(issue?.path ?? []);
  const sent = valueAt(value, issue?.path ?? []);
  if (sent === undefined || sent === null) throw missingParameter(name);
  throw invalidParameter(name, sent, issue?.message ?? '');
}

export const missingParameter = (name: string): AppError =>
  new AppError(
    'invalid_input',
    'MissingParameter',
    `Missing value for required parameter '${name}'. See the API docs for more information about request parameters.`,
  );

/** `hint` says what is allowed. */
export const invalidParameter = (name: string, value: unknown, hint: string): AppError =>
  new AppError(
    'invalid_input',
    'InvalidParameter',
    `Invalid value ${shown(value)} for parameter '${name}' supplied: ${hint}`,
  );

const maxShownLength = 200;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > maxShownLength ? `${text.slice(0, maxShownLength)}…` : text;
}

/** `metrics[3].key`, as MLflow names what is inside a list. */
function parameterName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    return name === '' ? String(part) : `${name}.${String(part)}`;
  }, '');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[part] : undefined,
    value,
  );
}
