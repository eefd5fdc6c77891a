import type { RuntimeContext } from '../emulated-service.ts';
import type { Execution } from './execution.ts';

const METRICS = {
  RUNNING: 'ExecutionsStarted',
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
} as const;

/** Tells the rest how an execution stands: the event `Step Functions Execution Status Change` and the metrics of `AWS/States`. */
export async function announceStatus(context: RuntimeContext, execution: Execution): Promise<void> {
  const { header, outcome } = execution;
  const { executionArn, stateMachineArn, name, startDateMs, input } = header;
  const { status, stopDateMs = null, output = null, error = null, cause = null } = outcome;
  const dimensions = { StateMachineArn: stateMachineArn };
  context.cloudwatch.putMetricData('AWS/States', [
    { name: METRICS[status], value: 1, unit: 'Count', dimensions },
    ...(stopDateMs === null
      ? []
      : [{ name: 'ExecutionTime', value: stopDateMs - startDateMs, unit: 'Milliseconds', dimensions }]),
  ]);
  await context.events.publish([
    {
      source: 'aws.states',
      detailType: 'Step Functions Execution Status Change',
      resources: [executionArn],
      detail: {
        executionArn,
        stateMachineArn,
        name,
        status,
        startDate: startDateMs,
        stopDate: stopDateMs,
        input,
        output,
        inputDetails: { included: true },
        outputDetails: output === null ? null : { included: true },
        error,
        cause,
      },
    },
  ]);
}
