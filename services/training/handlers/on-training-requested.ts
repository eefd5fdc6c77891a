import { SFNClient } from '@aws-sdk/client-sfn';
import { TrainingRequested } from '#events/training.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { machineEnvironment } from '../env.ts';
import { createTrainingMachine } from '../store/training-machine.ts';
import { createTrainingStore } from '../store/training-store.ts';
import { startExecution } from '../use-cases/start-execution.ts';

const env = readEnvironment(machineEnvironment);
const deps = {
  store: createTrainingStore(createTable(documentClient(), env.TABLE_NAME)),
  machine: createTrainingMachine(new SFNClient({}), env.STATE_MACHINE_ARN),
};

export const handler = eventHandler(TrainingRequested, ({ detail }) =>
  startExecution(deps, detail.data.trainingId),
);
