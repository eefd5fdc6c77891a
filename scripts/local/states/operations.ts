import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../emulated-service.ts';
import { describeExecution, describeMachine, historyPage, seconds, summarize } from './describe.ts';
import type { Engine } from './engine.ts';
import type { ExecutionStore } from './execution-store.ts';
import type { MachineStore } from './machine-store.ts';
import { pageOf } from './paging.ts';
import type { TaskTokens } from './tokens.ts';
import { validateDefinition } from './validate.ts';

/** What the operations work on. */
export interface StatesParts {
  readonly engine: Engine;
  readonly machines: MachineStore;
  readonly executions: ExecutionStore;
  readonly tokens: TaskTokens;
}

/** One operation of the wire API. */
export interface Operation {
  /** ARN that the caller needs the action `states:<operation>` on. */
  resource(input: unknown, parts: StatesParts): string;
  /** @returns the body of the answer */
  handle(input: unknown, parts: StatesParts): Record<string, unknown>;
}

const arn = z.string().min(1).max(256);
const execution = z.looseObject({ executionArn: arn });
const machine = z.looseObject({ stateMachineArn: arn });
const paging = { maxResults: z.int().min(0).max(1000).optional(), nextToken: z.string().optional() };
const token = { taskToken: z.string().min(1).max(2048) };
const statuses = z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']);

function operation<T>(
  schema: z.ZodType<T>,
  resource: (input: T, parts: StatesParts) => string,
  handle: (input: T, parts: StatesParts) => Record<string, unknown>,
): Operation {
  const read = (input: unknown): T => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return parsed.data;
    throw new AwsError('ValidationException', z.prettifyError(parsed.error));
  };
  return {
    resource: (input, parts) => resource(read(input), parts),
    handle: (input, parts) => handle(read(input), parts),
  };
}

const onExecution = (input: { executionArn: string }) => input.executionArn;
const onMachine = (input: { stateMachineArn: string }) => input.stateMachineArn;
const onEverything = () => '*';

/** AWS checks who answers a task against the machine that the token belongs to. */
function onMachineOfToken(input: { taskToken: string }, { tokens }: StatesParts): string {
  const [machineArn] = tokens.read(input.taskToken).executionArn.split(/:(?=[^:]*$)/);
  return (machineArn ?? '').replace(':execution:', ':stateMachine:');
}

const startExecution = operation(
  z.looseObject({
    stateMachineArn: arn,
    name: z.string().optional(),
    input: z.string().optional(),
  }),
  onMachine,
  ({ stateMachineArn, name, input }, { engine }) => {
    const { executionArn, startDateMs } = engine.start(stateMachineArn, name ?? randomUUID(), input ?? '{}');
    return { executionArn, startDate: seconds(startDateMs) };
  },
);

const listExecutions = operation(
  z.looseObject({ stateMachineArn: arn, statusFilter: statuses.optional(), ...paging }),
  onMachine,
  ({ stateMachineArn, statusFilter, maxResults, nextToken }, { executions, machines }) => {
    machines.get(stateMachineArn);
    const listed = executions
      .list(stateMachineArn)
      .filter((summary) => statusFilter === undefined || summary.status === statusFilter);
    const page = pageOf(listed, (summary) => summary.executionArn, { maxResults, nextToken });
    return { executions: page.items.map(summarize), nextToken: page.nextToken };
  },
);

const getExecutionHistory = operation(
  z.looseObject({
    executionArn: arn,
    reverseOrder: z.boolean().optional(),
    includeExecutionData: z.boolean().optional(),
    ...paging,
  }),
  onExecution,
  (input, { engine }) => historyPage(engine.open(input.executionArn).history, input),
);

const stopExecution = operation(
  z.looseObject({
    executionArn: arn,
    error: z.string().max(256).optional(),
    cause: z.string().max(32_768).optional(),
  }),
  onExecution,
  ({ executionArn, error, cause }, { engine }) => ({
    stopDate: seconds(engine.stop(executionArn, error, cause).stopDateMs ?? 0),
  }),
);

const sendTaskSuccess = operation(
  z.looseObject({ ...token, output: z.string().max(262_144) }),
  onMachineOfToken,
  ({ taskToken, output }, { engine }) => {
    engine.completeTask(taskToken, { output: parseOutput(output) });
    return {};
  },
);

const sendTaskFailure = operation(
  z.looseObject({
    ...token,
    error: z.string().max(256).optional(),
    cause: z.string().max(32_768).optional(),
  }),
  onMachineOfToken,
  ({ taskToken, error, cause }, { engine }) => {
    engine.completeTask(taskToken, { error, cause });
    return {};
  },
);

const sendTaskHeartbeat = operation(z.looseObject(token), onMachineOfToken, ({ taskToken }, { engine }) => {
  engine.heartbeat(taskToken);
  return {};
});

const validate = operation(z.looseObject({ definition: z.string() }), onEverything, ({ definition }) => {
  const validation = validateDefinition(definition);
  const issues = validation.ok ? [] : validation.issues;
  return {
    result: validation.ok ? 'OK' : 'FAIL',
    diagnostics: issues.map((one) => ({ severity: 'ERROR', ...one })),
    truncated: false,
  };
});

/** The operations that the laptop runtime answers, by name. */
export const operations: Readonly<Record<string, Operation>> = {
  StartExecution: startExecution,
  ListExecutions: listExecutions,
  GetExecutionHistory: getExecutionHistory,
  StopExecution: stopExecution,
  SendTaskSuccess: sendTaskSuccess,
  SendTaskFailure: sendTaskFailure,
  SendTaskHeartbeat: sendTaskHeartbeat,
  ValidateStateMachineDefinition: validate,
  DescribeExecution: operation(execution, onExecution, ({ executionArn }, { engine }) =>
    describeExecution(engine.open(executionArn)),
  ),
  RedriveExecution: operation(execution, onExecution, ({ executionArn }, { engine }) => ({
    redriveDate: seconds(engine.redrive(executionArn)),
  })),
  DescribeStateMachine: operation(machine, onMachine, ({ stateMachineArn }, { machines }) =>
    describeMachine(machines.get(stateMachineArn), machines),
  ),
  DescribeStateMachineForExecution: operation(
    execution,
    onExecution,
    ({ executionArn }, { engine, machines }) => {
      const { header } = engine.open(executionArn);
      const { definitionId, roleArn } = header;
      const declared = machines.get(header.stateMachineArn);
      const {
        status: _status,
        type: _type,
        creationDate,
        ...described
      } = describeMachine({ ...declared, definitionId, roleArn }, machines);
      return { ...described, updateDate: creationDate };
    },
  ),
  ListStateMachines: operation(z.looseObject(paging), onEverything, (page, { machines }) => {
    const { items, nextToken } = pageOf(machines.list(), (one) => one.stateMachineArn, page);
    const stateMachines = items.map(({ stateMachineArn, name, creationDateMs }) => ({
      stateMachineArn,
      name,
      type: 'STANDARD',
      creationDate: seconds(creationDateMs),
    }));
    return { stateMachines, nextToken };
  }),
};

function parseOutput(output: string): unknown {
  try {
    return JSON.parse(output) as unknown;
  } catch {
    throw new AwsError('InvalidOutput', `Invalid Output: '${output.slice(0, 200)}' is not valid JSON`);
  }
}
