import { FeatureErasureCompleted, FeaturesDefined, MaterializationRequested } from '#events/feature-store.ts';
import { ValidationCompleted } from '#events/validation.ts';
import {
  completeMaterialization,
  failMaterialization,
  planMaterialization,
  writePart,
} from '#services/feature-store/contract.ts';
import {
  builderEnvironment,
  groupWriterEnvironment,
  machineEnvironment,
  queryEnvironment,
  writerEnvironment,
} from '#services/feature-store/env.ts';
import { materializationMachine, materializationTimeoutSeconds } from '../../machines/materialization.ts';
import { AwsEventSubscription, EventSubscription } from '../event-subscription.ts';
import { ServiceFunction, type ServiceFunctionOptions } from '../service-function.ts';
import type { ServiceStack } from '../service-stack.ts';
import { ServiceStateMachine } from '../service-state-machine.ts';
import type { ServiceTable } from '../service-table.ts';
import { StageSchedule } from '../stage-schedule.ts';
import type { SagemakerGroups } from './sagemaker-groups.ts';

const filesPrefix = 'feature-store/*/materializations/';

/** Writes views from the offline to the online store: the machine, its tasks, and what asks for it. */
export function addMaterialization(stack: ServiceStack, table: ServiceTable, groups: SagemakerGroups): void {
  const machineArn = stack.platform.stateMachineArn('materialization');
  new ServiceStateMachine(stack, 'materialization', {
    ...materializationMachine(stack.platform),
    timeoutSeconds: materializationTimeoutSeconds,
  });
  addTasks(stack, table, groups);
  addRequests(stack, table);

  const starter = new ServiceFunction(stack, 'on-materialization-requested', {
    description: 'Starts the materialization machine',
    environment: { STATE_MACHINE_ARN: machineArn },
    environmentSchema: machineEnvironment,
    memorySizeMb: 256,
  }).allow(['states:StartExecution'], [machineArn]);
  new EventSubscription(stack, MaterializationRequested, starter);

  const ended = decider(stack, table, 'on-execution-ended', {
    description: 'Ends the materialization of an execution that died',
  });
  new AwsEventSubscription(
    stack,
    {
      source: 'aws.states',
      detailType: 'Step Functions Execution Status Change',
      detail: { stateMachineArn: [machineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    },
    ended,
  );
}

function addTasks(stack: ServiceStack, table: ServiceTable, groups: SagemakerGroups): void {
  const plan = new ServiceFunction(stack, planMaterialization.handler, {
    description: 'Finds what of a view is to be written online',
    environmentSchema: builderEnvironment,
    duckdb: true,
    memorySizeMb: 3008,
    timeoutSeconds: 900,
    // The rows, the database of them, and the parts.
    ephemeralStorageMb: 10_240,
  })
    .allowObjects('data', 'validation/', ['s3:GetObject'])
    .allowObjects('captures', 'predictions/', ['s3:GetObject'])
    .allowObjects('data', filesPrefix, ['s3:GetObject', 's3:PutObject'])
    .mayQuery('validation');
  table.grantByKey(plan, 'GetItem', 'Query', 'PutItem');

  const write = new ServiceFunction(stack, writePart.handler, {
    description: 'Writes a part of a view online',
    environmentSchema: groupWriterEnvironment,
    // One whole processor, which is what the signing of a request per row takes: half of one would cost the same and take twice as long.
    memorySizeMb: 1769,
    timeoutSeconds: 900,
  }).allowObjects('data', filesPrefix, ['s3:GetObject']);
  table.grantByKey(write, 'GetItem', 'PutItem', 'DeleteItem');
  groups.allowWriting(write);

  const complete = new ServiceFunction(stack, completeMaterialization.handler, {
    description: 'Remembers what of a view is online',
    environmentSchema: writerEnvironment,
    timeoutSeconds: 900,
  })
    .allowObjects('data', filesPrefix, ['s3:DeleteObjectVersion'])
    .allowListing('data', 'feature-store/', ['versions']);
  table.grantByKey(complete, 'GetItem', 'Query', 'PutItem');

  decider(stack, table, failMaterialization.handler, { description: 'Ends a materialization that failed' });
}

function addRequests(stack: ServiceStack, table: ServiceTable): void {
  const validated = decider(stack, table, 'on-validation-completed', {
    description: 'New validated data asks for the materialization of the views that read it',
    timeoutSeconds: 300,
  }).mayQuery('validation');
  table.grantByKey(validated, 'Query');
  new EventSubscription(stack, ValidationCompleted, validated);

  const defined = decider(stack, table, 'on-features-defined', {
    description: 'Remembers which views read which dataset, and writes new ones online',
    timeoutSeconds: 300,
  }).mayQuery('validation');
  new EventSubscription(stack, FeaturesDefined, defined);

  const erased = decider(stack, table, 'on-feature-erasure-completed', {
    description: 'The end of an erasure asks for the materialization of the views of its entity',
    timeoutSeconds: 300,
  });
  table.grantByKey(erased, 'Query');
  new EventSubscription(stack, FeatureErasureCompleted, erased);

  const quarterly = new ServiceFunction(stack, 'every-quarter-hour', {
    description: 'Asks for materializations that are due, and watches how fresh views are',
    environmentSchema: writerEnvironment,
    buckets: ['data'],
    timeoutSeconds: 300,
  });
  table.grant(quarterly, 'GetItem', 'BatchGetItem', 'Query', 'PutItem');
  new StageSchedule(stack, { minutes: 15 }, quarterly);
}

/** A function that decides what begins, waits or has ended. */
function decider(
  stack: ServiceStack,
  table: ServiceTable,
  handler: string,
  options: Pick<ServiceFunctionOptions, 'description' | 'timeoutSeconds'>,
): ServiceFunction {
  const fn = new ServiceFunction(stack, handler, { environmentSchema: queryEnvironment, ...options });
  table.grantByKey(fn, 'GetItem', 'PutItem');
  return fn;
}
