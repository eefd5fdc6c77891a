import { SFNClient } from '@aws-sdk/client-sfn';
import { MaterializationRequested } from '#events/feature-store.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { machineEnvironment } from '../env.ts';
import { createMaterializationMachine } from '../store/materialization-machine.ts';
import { startMaterialization } from '../use-cases/start-materialization.ts';

const { STATE_MACHINE_ARN } = readEnvironment(machineEnvironment);
const machine = createMaterializationMachine(new SFNClient({}), STATE_MACHINE_ARN);

export const handler = eventHandler(MaterializationRequested, ({ detail }) =>
  startMaterialization({ machine }, detail),
);
