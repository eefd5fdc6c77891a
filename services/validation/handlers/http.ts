import { documentClient } from '#shared/aws/clients.ts';
import { downloadAddress } from '#shared/aws/download-address.ts';
import { createTable } from '#shared/aws/table.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { documentEnvironment } from '../env.ts';
import { createConsumerStore } from '../store/consumer-store.ts';
import { askQuarantineRows } from '../store/neighbours.ts';
import { describeValidation } from '../use-cases/describe-validation.ts';
import { listCheckedFiles } from '../use-cases/list-checked-files.ts';
import { previewContract } from '../use-cases/preview-contract.ts';
import { listQuarantine, release } from '../use-cases/quarantine.ts';
import { readProfile } from '../use-cases/read-profile.ts';
import { readingAgain } from '../use-cases/reading-again.ts';
import { decideSuggestion, listSuggestions, readSuggestion } from '../use-cases/suggestions.ts';
import { outcomeDeps } from './composition.ts';

const env = readEnvironment(documentEnvironment);
const deps = {
  ...outcomeDeps(env),
  consumers: createConsumerStore(createTable(documentClient(), env.TABLE_NAME)),
  rows: askQuarantineRows(env.MILLRACE_STAGE),
  ids: ulidGenerator,
  address: downloadAddress,
};

export const handler = httpHandler([
  route(contract.readValidation, ({ params }) => readingAgain(() => describeValidation(deps, params))),
  route(contract.listCheckedFiles, ({ params }) => readingAgain(() => listCheckedFiles(deps, params))),
  route(contract.readProfile, ({ params, query }) =>
    readingAgain(() => readProfile(deps, { ...params, ...query })),
  ),
  route(contract.listQuarantine, ({ params, query }) =>
    readingAgain(() => listQuarantine(deps, params, query)),
  ),
  route(contract.releaseQuarantine, ({ params, body, caller }) => release(deps, params, body, caller.id)),
  route(contract.listContractSuggestions, ({ params, query }) =>
    listSuggestions(deps, { ...params, ...query }),
  ),
  route(contract.readContractSuggestion, ({ params }) => readSuggestion(deps, params)),
  route(contract.decideContractSuggestion, ({ params, body, caller }) =>
    decideSuggestion(deps, params, body, caller.id),
  ),
  route(contract.previewContract, ({ params, body }) => previewContract(deps, params.project, body)),
]);
