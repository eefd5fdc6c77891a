import type { Principal, RuntimeContext } from '../emulated-service.ts';
import type { FunctionTarget } from './model.ts';

/** How a call of a function ended. */
export type FunctionCall =
  | { readonly kind: 'answered'; readonly payload: unknown; readonly latencyMs: number }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly errorMessage: string;
      readonly latencyMs: number;
    }
  | { readonly kind: 'timed-out'; readonly latencyMs: number }
  | {
      readonly kind: 'throttled' | 'too-large' | 'refused';
      readonly reason: string;
      readonly latencyMs: number;
    };

/**
 * Calls a function as API Gateway does: as the service acting for `sourceArn`, or under the role the target names. Never rejects;
 * what the caller is not told (API Gateway hides it behind a 5xx) goes to the runtime's log.
 */
export async function callFunction(
  context: RuntimeContext,
  target: FunctionTarget,
  event: unknown,
  sourceArn: string,
): Promise<FunctionCall> {
  const startedAtMs = performance.now();
  const latencyMs = () => Math.round(performance.now() - startedAtMs);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timed-out'>((resolve) => {
    timer = setTimeout(() => resolve('timed-out'), target.timeoutMs);
  });
  try {
    const invocation = context.lambda.invoke(target.functionArn, event, {
      type: 'RequestResponse',
      principal: principalOf(target, sourceArn),
    });
    const result = await Promise.race([invocation, timeout]);
    if (result === 'timed-out') return { kind: 'timed-out', latencyMs: latencyMs() };
    if (result.functionError === undefined) {
      return { kind: 'answered', payload: result.payload, latencyMs: latencyMs() };
    }
    const error = result.payload as { errorType?: string; errorMessage?: string };
    const reason = `${error.errorType}: ${error.errorMessage}`;
    context.log('apigateway', 'function failed', { function: target.functionArn, reason });
    return { kind: 'failed', reason, errorMessage: error.errorMessage ?? '', latencyMs: latencyMs() };
  } catch (error) {
    const reason = String(error);
    context.log('apigateway', 'function could not be invoked', { function: target.functionArn, reason });
    return {
      kind: refusals[error instanceof Error ? error.name : ''] ?? 'refused',
      reason,
      latencyMs: latencyMs(),
    };
  } finally {
    clearTimeout(timer);
  }
}

/** What Lambda says when it does not run the function, where the gateway tells its caller something of its own. */
const refusals: Readonly<Record<string, 'throttled' | 'too-large'>> = {
  TooManyRequestsException: 'throttled',
  RequestTooLargeException: 'too-large',
};

function principalOf(target: FunctionTarget, sourceArn: string): Principal {
  if (target.credentialsArn === undefined) {
    return { kind: 'service', service: 'apigateway.amazonaws.com', sourceArn };
  }
  const [prefix = '', roleName = ''] = target.credentialsArn.split(':role/');
  const arn = `${prefix.replace(':iam:', ':sts:')}:assumed-role/${roleName.split('/').at(-1)}/apigateway`;
  return { kind: 'role', arn, roleArn: target.credentialsArn };
}
