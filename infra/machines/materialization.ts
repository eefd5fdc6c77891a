import {
  completeMaterialization,
  failMaterialization,
  planMaterialization,
  writePart,
} from '#services/feature-store/contract.ts';
import type { TaskDefinition } from '#shared/contracts/call.ts';
import { invokeTask } from '../constructs/invoke-task.ts';
import type { Catcher, Retrier, StateMachineDefinition } from '../constructs/states-language.ts';
import type { PlatformNames } from '../platform.ts';

/** services/feature-store/domain/materializer.ts counts on an execution that ended by then. */
export const materializationTimeoutSeconds = 6 * 3600;

/** The limit of a function. */
const functionSeconds = 900;

/** Parts that are written at once: more than a table takes that was just made, and than a laptop's processors like, would only wait. */
const partsAtOnce = 4;

/** The online store takes what it can: a busy one has doubled what it takes half an hour later. */
const retryBusy: Retrier = {
  ErrorEquals: [
    'TableBusy',
    'OnlineStoreBusy',
    'ThrottlingException',
    'ProvisionedThroughputExceededException',
  ],
  IntervalSeconds: 5,
  BackoffRate: 2,
  MaxDelaySeconds: 120,
  MaxAttempts: 20,
  JitterStrategy: 'FULL',
};

/** Whatever else stops a part may pass: the part is written again from its beginning, with the same outcome. */
const retryPart: Retrier = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 2,
  BackoffRate: 3,
  MaxDelaySeconds: 60,
  MaxAttempts: 3,
  JitterStrategy: 'FULL',
};

/**
 * Writes a view online: plan → parts, some at once → completion. Input: `{ metadata, input: materializationExecutionInput }`. An execution that follows
 * a failed one finds the plan, and writes the parts that are left.
 */
export function materializationMachine(names: PlatformNames): {
  definition: StateMachineDefinition;
  tasks: TaskDefinition[];
} {
  const fails: Catcher[] = [
    {
      ErrorEquals: ['States.ALL'],
      Next: 'Fail',
      Assign: {
        failure: {
          error: '{% $states.errorOutput.Error %}',
          cause: '{% $substring($string($states.errorOutput.Cause), 0, 30000) %}',
        },
      },
    },
  ];
  const execution = {
    project: '{% $request.project %}',
    view: '{% $request.view %}',
    version: '{% $request.version %}',
    materializationId: '{% $request.materializationId %}',
    attempt: '{% $request.attempt %}',
  };
  return {
    definition: {
      Comment: 'Writes the newest values of a feature view to the online store.',
      StartAt: 'Begin',
      States: {
        Begin: { Type: 'Pass', Assign: { request: '{% $states.input.input %}' }, Next: 'Plan' },
        Plan: invokeTask(names, planMaterialization, {
          input: execution,
          assign: { parts: '{% $states.result.Payload.parts %}' },
          timeoutSeconds: functionSeconds,
          // An erasure replaced the rows between the question where they lie and the reading of them.
          retryOn: ['ObjectGone', 'QueryFailed'],
          next: 'WriteParts',
          catch: fails,
        }),
        WriteParts: {
          Type: 'Map',
          Items: '{% $parts > 0 ? [0..($parts - 1)] : [] %}',
          MaxConcurrency: partsAtOnce,
          ItemProcessor: {
            StartAt: 'WritePart',
            States: {
              WritePart: invokeTask(names, writePart, {
                input: { ...execution, part: '{% $states.input %}' },
                output: {},
                timeoutSeconds: functionSeconds,
                retry: [{ ErrorEquals: ['MaterializationReplaced'], MaxAttempts: 0 }, retryBusy],
                retryLast: retryPart,
              }),
            },
          },
          Output: {},
          Next: 'Complete',
          Catch: fails,
        },
        Complete: invokeTask(names, completeMaterialization, {
          input: execution,
          timeoutSeconds: functionSeconds,
          retryOn: ['MaterializerChanged', 'ObjectsNotDeleted'],
          catch: fails,
        }),
        Fail: invokeTask(names, failMaterialization, {
          input: { ...execution, error: '{% $failure.error %}', cause: '{% $failure.cause %}' },
          timeoutSeconds: 60,
          retryOn: ['MaterializerChanged'],
          next: 'Failed',
        }),
        Failed: { Type: 'Fail', Error: '{% $failure.error %}', Cause: '{% $failure.cause %}' },
      },
    },
    tasks: [planMaterialization, writePart, completeMaterialization, failMaterialization],
  };
}
