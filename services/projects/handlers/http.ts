import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { sufficientRoles } from '#shared/contracts/endpoint.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { environment } from '../env.ts';
import { readContractFile } from '../project-file/read-contract-file.ts';
import { readProjectFile } from '../project-file/read-project-file.ts';
import { createProjectStore } from '../store/project-store.ts';
import { applyContract, readContract } from '../use-cases/apply-contract.ts';
import { applyProject } from '../use-cases/apply-project.ts';
import { listProjects, readProject } from '../use-cases/read-projects.ts';

const { TABLE_NAME } = readEnvironment(environment);
const store = createProjectStore(createTable(documentClient(), TABLE_NAME));
const deps = { store, clock: systemClock, ids: ulidGenerator };

export const handler = httpHandler([
  route(contract.applyProject, ({ params, body, caller }) =>
    applyProject(deps, {
      project: params.project,
      read: (kept) => readProjectFile(body ?? '', params.project, kept),
      appliedBy: caller.id,
    }),
  ),
  route(contract.applyContract, ({ params, query, body, caller }) =>
    applyContract(deps, {
      project: params.project,
      read: (definition) => readContractFile(body ?? '', definition),
      appliedBy: caller.id,
      isDryRun: query.dryRun === 'true',
    }),
  ),
  route(contract.readContract, ({ params }) => readContract(store, params)),
  route(contract.readProject, ({ params }) => readProject(store, params)),
  route(contract.listProjects, async ({ query, caller }) => {
    const readable = caller.grants
      .filter(({ role }) => sufficientRoles.viewer.includes(role))
      .map(({ project }) => project);
    const page = await listProjects(store, {
      visible: readable.includes('*') ? 'all' : readable,
      pageToken: query.pageToken,
    });
    return { ...page, items: [...page.items] };
  }),
]);
