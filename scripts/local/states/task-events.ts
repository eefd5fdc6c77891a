import type { StateFailure } from './errors.ts';
import type { TaskCheckpoint } from './execution.ts';
import type { TaskResource } from './resource.ts';

type Event = readonly [type: string, details?: readonly [string, Readonly<Record<string, unknown>>]];

/** The history events of one task; a function called by its ARN has types of its own. */
export interface TaskEvents {
  scheduled(parameters: string, task: TaskCheckpoint): Event;
  started(): Event;
  submitted(output: string): Event;
  succeeded(output: string): Event;
  failed(failure: StateFailure): Event;
  timedOut(failure: StateFailure): Event;
}

/** @param resourceArn the Task's Resource */
export function taskEvents(resourceArn: string, resource: TaskResource, region: string): TaskEvents {
  return resource.kind === 'function' ? functionEvents(resourceArn) : integrationEvents(resourceArn, region);
}

function functionEvents(resource: string): TaskEvents {
  return {
    scheduled: (input, task) => [
      'LambdaFunctionScheduled',
      [
        'lambdaFunctionScheduled',
        { resource, input, inputDetails: { truncated: false }, ...limits(task.timeoutSeconds, undefined) },
      ],
    ],
    started: () => ['LambdaFunctionStarted'],
    submitted: () => ['LambdaFunctionStarted'],
    succeeded: (output) => [
      'LambdaFunctionSucceeded',
      ['lambdaFunctionSucceeded', { output, outputDetails: { truncated: false } }],
    ],
    failed: (failure) => ['LambdaFunctionFailed', ['lambdaFunctionFailed', errorDetails(failure)]],
    timedOut: (failure) => ['LambdaFunctionTimedOut', ['lambdaFunctionTimedOut', errorDetails(failure)]],
  };
}

function integrationEvents(resourceArn: string, region: string): TaskEvents {
  const [resourceType = '', ...name] = resourceArn.split(':').slice(5);
  const about = { resourceType, resource: name.join(':') };
  const withOutput = (output: string) => ({ ...about, output, outputDetails: { truncated: false } });
  return {
    scheduled: (parameters, task) => [
      'TaskScheduled',
      [
        'taskScheduled',
        { ...about, region, parameters, ...limits(task.timeoutSeconds, task.heartbeatSeconds) },
      ],
    ],
    started: () => ['TaskStarted', ['taskStarted', about]],
    submitted: (output) => ['TaskSubmitted', ['taskSubmitted', withOutput(output)]],
    succeeded: (output) => ['TaskSucceeded', ['taskSucceeded', withOutput(output)]],
    failed: (failure) => ['TaskFailed', ['taskFailed', { ...about, ...errorDetails(failure) }]],
    timedOut: (failure) => ['TaskTimedOut', ['taskTimedOut', { ...about, ...errorDetails(failure) }]],
  };
}

function limits(timeoutInSeconds: number | undefined, heartbeatInSeconds: number | undefined) {
  return {
    ...(timeoutInSeconds === undefined ? {} : { timeoutInSeconds }),
    ...(heartbeatInSeconds === undefined ? {} : { heartbeatInSeconds }),
  };
}

function errorDetails(failure: StateFailure): Record<string, unknown> {
  return {
    ...(failure.error === undefined ? {} : { error: failure.error }),
    ...(failure.explanation === undefined ? {} : { cause: failure.explanation }),
  };
}
