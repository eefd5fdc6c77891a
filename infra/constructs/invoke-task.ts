import type { TaskDefinition } from '#shared/contracts/call.ts';
import type { PlatformNames } from '../platform.ts';
import type { Catcher, Retrier, TaskState, Template } from './states-language.ts';

/** Lambda itself failed, or a sandbox died: the same call again is right, because tasks are idempotent. */
const retryLambdaFailures: Retrier = {
  ErrorEquals: [
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    'Lambda.Unknown',
    'Runtime.ExitError',
    'Sandbox.Timedout',
  ],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 6,
  MaxDelaySeconds: 30,
  JitterStrategy: 'FULL',
};

export interface InvokeTaskOptions {
  /** The task's own input: values and `{% … %}` expressions. */
  readonly input: Template;
  /** The next state; absent: the machine ends here. */
  readonly next?: string;
  /** What is kept in variables, from `$states.result.Payload` (answering tasks) or `$states.result` (waiting ones). */
  readonly assign?: Readonly<Record<string, Template>>;
  /** Default: the task's output. */
  readonly output?: Template;
  /** How long one attempt may take; a waiting task may take this long to be answered. Seconds or an expression. */
  readonly timeoutSeconds: number | string;
  readonly heartbeatSeconds?: number | string;
  /** Codes of AppErrors that time can cure, tried again besides Lambda's own failures. */
  readonly retryOn?: readonly string[];
  /** Retriers of this state's own, asked before the standard ones. */
  readonly retry?: readonly Retrier[];
  /** Asked after the standard ones; the place of one for `States.ALL`. */
  readonly retryLast?: Retrier;
  readonly catch?: readonly Catcher[];
}

/**
 * The state that calls a task function with `{ context, input }`, as `taskHandler` and `waitingTaskHandler` read it. The
 * machine's own input must carry the `metadata` of the fact that started it.
 */
export function invokeTask(
  names: PlatformNames,
  task: TaskDefinition,
  options: InvokeTaskOptions,
): TaskState {
  const own: Retrier[] = options.retryOn
    ? [{ ...retryLambdaFailures, ErrorEquals: options.retryOn, IntervalSeconds: 2 }]
    : [];
  return {
    Type: 'Task',
    Comment: task.description,
    Resource: `arn:${names.partition}:states:::lambda:invoke${task.waits ? '.waitForTaskToken' : ''}`,
    Arguments: {
      FunctionName: names.functionArn(task.service, task.handler),
      Payload: {
        context: {
          metadata: '{% $states.context.Execution.Input.metadata %}',
          executionArn: '{% $states.context.Execution.Id %}',
          ...(task.waits ? { taskToken: '{% $states.context.Task.Token %}' } : {}),
        },
        input: options.input,
      },
    },
    TimeoutSeconds: options.timeoutSeconds,
    ...(options.heartbeatSeconds === undefined ? {} : { HeartbeatSeconds: options.heartbeatSeconds }),
    ...(options.assign ? { Assign: options.assign } : {}),
    Output: options.output ?? (task.waits ? '{% $states.result %}' : '{% $states.result.Payload %}'),
    Retry: [
      ...(options.retry ?? []),
      retryLambdaFailures,
      ...own,
      ...(options.retryLast ? [options.retryLast] : []),
    ],
    ...(options.catch ? { Catch: options.catch } : {}),
    ...(options.next ? { Next: options.next } : { End: true }),
  };
}
