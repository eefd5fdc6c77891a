import { AwsError } from '../emulated-service.ts';

const DENIED: readonly string[] = ['AccessDeniedException', 'AccessDenied'];

/** ERROR_CODE and ERROR_MESSAGE of a dead letter, in the words of EventBridge. */
export function deadLetterReason(error: unknown): {
  readonly ERROR_CODE: string;
  readonly ERROR_MESSAGE: string;
} {
  const ERROR_MESSAGE = error instanceof Error ? error.message : String(error);
  return { ERROR_CODE: errorCode(error), ERROR_MESSAGE };
}

function errorCode(error: unknown): string {
  if (!(error instanceof AwsError)) return 'SDK_CLIENT_ERROR';
  if (DENIED.includes(error.name)) return 'NO_PERMISSIONS';
  if (isMissing(error)) return 'NO_RESOURCE';
  if (isThrottling(error)) return 'THROTTLING';
  if (error.name === 'InvalidTransformation') return 'INVALID_JSON';
  return error.status < 500 ? 'INVALID_PARAMETER' : 'SDK_CLIENT_ERROR';
}

/** Whether another attempt would fail the same way: EventBridge does not retry what is missing, forbidden or malformed. */
export function isLastingFailure(error: unknown): boolean {
  return error instanceof AwsError && error.status < 500 && !isThrottling(error);
}

function isMissing(error: AwsError): boolean {
  return /NotFound|DoesNotExist|NonExistent|NoSuchEntity/.test(error.name);
}

function isThrottling(error: AwsError): boolean {
  return error.status === 429 || /Throttl|TooManyRequests|LimitExceeded/.test(error.name);
}
