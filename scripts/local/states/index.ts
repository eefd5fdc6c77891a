import { randomUUID } from 'node:crypto';
import path from 'node:path';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type EmulatedService,
  type RequiredPermission,
  type RuntimeContext,
  type StatesApi,
} from '../emulated-service.ts';
import { Engine } from './engine.ts';
import { ExecutionStore } from './execution-store.ts';
import { MachineStore } from './machine-store.ts';
import { type Operation, operations, type StatesParts } from './operations.ts';
import { readDeclaration } from './provision.ts';
import { TaskTokens } from './tokens.ts';

/** Ended executions kept for looking at. */
const KEPT_EXECUTIONS = 5000;

/**
 * Step Functions: standard state machines written in JSONata. Executions survive a restart: a wait goes on with the time that was
 * left, a task that waits for its token keeps it, and a call that was under way is made again.
 */
export function createStates(context: RuntimeContext): EmulatedService & StatesApi {
  const folder = context.folder('states');
  const machines = new MachineStore(folder);
  const executions = new ExecutionStore(folder, KEPT_EXECUTIONS);
  const tokens = new TaskTokens(path.join(folder, 'token-key'));
  const engine = new Engine(context, { machines, executions, tokens });
  const parts: StatesParts = { engine, machines, executions, tokens };

  return {
    name: 'states',
    signingNames: ['states'],
    resourceTypes: ['AWS::StepFunctions::StateMachine'],
    start: async () => {
      machines.load();
      executions.load(context.now());
    },
    resume: async () => engine.resume(),
    stop: () => engine.shutdown(),
    async provision(resource) {
      const { machine, definition } = readDeclaration(resource, context);
      context.iam.assertAssumable(machine.roleArn, 'states.amazonaws.com');
      machines.put(machine, definition, context.now());
      return {
        ref: machine.stateMachineArn,
        attributes: { Arn: machine.stateMachineArn, Name: machine.name, StateMachineRevisionId: 'INITIAL' },
      };
    },
    async deprovision(resource) {
      const arn = resource.previous?.ref;
      if (arn === undefined) return;
      for (const { header } of executions.running()) {
        if (header.stateMachineArn === arn) engine.stop(header.executionArn, undefined, undefined);
      }
      machines.remove(arn);
    },
    async authorize(request): Promise<readonly RequiredPermission[]> {
      const { name, operation } = operationOf(request);
      const resource = operation.resource(await readInput(request), parts);
      return [{ action: `states:${name}`, resource }];
    },
    async handle(request): Promise<AwsResponse> {
      const { operation } = operationOf(request);
      const output = operation.handle(await readInput(request), parts);
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.0' },
        body: JSON.stringify(output),
      };
    },
    async startExecution(stateMachineArn, input, { name, principal }) {
      context.iam.demand(principal, [{ action: 'states:StartExecution', resource: stateMachineArn }]);
      return engine.start(stateMachineArn, name ?? randomUUID(), JSON.stringify(input));
    },
  };
}

function operationOf(request: AwsRequest): { name: string; operation: Operation } {
  const name = request.headers['x-amz-target']?.split('.').at(-1) ?? '';
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation !== undefined) return { name, operation };
  const known = Object.keys(operations).sort().join(', ');
  throw new AwsError(
    'NotImplemented',
    `Step Functions ${name || 'request without X-Amz-Target'} is not imitated by the laptop runtime; it knows ${known}`,
    501,
  );
}

async function readInput(request: AwsRequest): Promise<unknown> {
  const text = (await request.bytes()).toString();
  try {
    return JSON.parse(text === '' ? '{}' : text) as unknown;
  } catch {
    throw new AwsError('SerializationException', 'The body of the request is not valid JSON');
  }
}
