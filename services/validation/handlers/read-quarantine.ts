import { readEnvironment } from '#shared/lambda/environment.ts';
import { answer, queryHandler } from '#shared/lambda/task.ts';
import { quarantineEnvironment } from '../env.ts';
import { quarantinedRows } from '../store/neighbours.ts';
import { createQuarantineRows } from '../store/quarantine-rows.ts';

const env = readEnvironment(quarantineEnvironment);
const rows = createQuarantineRows({ memoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE });

/** Answers the service's own HTTP function, which has no DuckDB. */
export const handler = queryHandler([answer(quarantinedRows, (question) => rows.read(question))]);
