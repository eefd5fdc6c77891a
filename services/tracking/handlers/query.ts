import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { answer, queryHandler } from '#shared/lambda/task.ts';
import * as contract from '../contract.ts';
import { environment } from '../env.ts';
import { createHeads } from '../store/heads-store.ts';
import { findArtifacts } from '../use-cases/find-artifacts.ts';

const heads = createHeads(createTable(documentClient(), readEnvironment(environment).TABLE_NAME));

export const handler = queryHandler([answer(contract.findArtifacts, (input) => findArtifacts(heads, input))]);
