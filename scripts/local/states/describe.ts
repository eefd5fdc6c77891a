import type { Execution, HistoryEvent } from './execution.ts';
import type { ExecutionSummary } from './execution-store.ts';
import type { MachineStore, StateMachine } from './machine-store.ts';
import { type PageRequest, pageOf } from './paging.ts';

/** A time as AWS JSON writes it: seconds since the epoch. */
export function seconds(timeMs: number): number {
  return timeMs / 1000;
}

/** An entry of ListExecutions. */
export function summarize(summary: ExecutionSummary): Record<string, unknown> {
  const { executionArn, stateMachineArn, name, status, startDateMs, stopDateMs } = summary;
  return {
    executionArn,
    stateMachineArn,
    name,
    status,
    startDate: seconds(startDateMs),
    ...(stopDateMs === undefined ? {} : { stopDate: seconds(stopDateMs) }),
    ...redriveMembers(summary),
  };
}

/** The answer of DescribeExecution. */
export function describeExecution(execution: Execution): Record<string, unknown> {
  const { header, outcome } = execution;
  const { executionArn, stateMachineArn, name, input, startDateMs } = header;
  const { status, stopDateMs, output, error, cause } = outcome;
  const isRedrivable = status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED';
  return {
    executionArn,
    stateMachineArn,
    name,
    status,
    startDate: seconds(startDateMs),
    ...(stopDateMs === undefined ? {} : { stopDate: seconds(stopDateMs) }),
    input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...redriveMembers(outcome),
    redriveStatus: isRedrivable ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    ...(isRedrivable ? {} : { redriveStatusReason: `Execution is ${status} and cannot be redriven` }),
  };
}

function redriveMembers(of: { redriveCount: number; redriveDateMs?: number }): Record<string, unknown> {
  const { redriveCount, redriveDateMs } = of;
  return { redriveCount, ...(redriveDateMs === undefined ? {} : { redriveDate: seconds(redriveDateMs) }) };
}

/** The answer of DescribeStateMachine. */
export function describeMachine(machine: StateMachine, machines: MachineStore): Record<string, unknown> {
  const { stateMachineArn, name, roleArn, definitionId, creationDateMs } = machine;
  return {
    stateMachineArn,
    name,
    status: 'ACTIVE',
    type: 'STANDARD',
    definition: machines.definition(definitionId),
    roleArn,
    creationDate: seconds(creationDateMs),
    revisionId: definitionId,
  };
}

/** Members of event details that carry data of the execution. */
const DATA_MEMBERS: readonly string[] = ['input', 'output', 'parameters', 'assignedVariables'];

/** The answer of GetExecutionHistory. */
export function historyPage(
  history: readonly HistoryEvent[],
  request: PageRequest & { reverseOrder?: boolean | undefined; includeExecutionData?: boolean | undefined },
): Record<string, unknown> {
  const ordered = request.reverseOrder === true ? history.toReversed() : history;
  const page = pageOf(ordered, (event) => String(event.id), request);
  const events = request.includeExecutionData === false ? page.items.map(withoutData) : page.items;
  return { events, nextToken: page.nextToken };
}

function withoutData(event: HistoryEvent): Record<string, unknown> {
  const members = Object.entries(event).map(([name, value]: [string, unknown]) => {
    if (typeof value !== 'object' || value === null) return [name, value];
    return [
      name,
      Object.fromEntries(Object.entries(value).filter(([member]) => !DATA_MEMBERS.includes(member))),
    ];
  });
  return Object.fromEntries(members) as Record<string, unknown>;
}
