import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { type Caller, requireRole } from '#shared/contracts/caller.ts';
import { sufficientRoles } from '#shared/contracts/endpoint.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { environment } from '../env.ts';
import { readContractFile } from '../project-file/read-contract-file.ts';
import { openFeaturesFile } from '../project-file/read-features-file.ts';
import { openProjectFile } from '../project-file/read-project-file.ts';
import { createProjectStore } from '../store/project-store.ts';
import { applyContract, readContract } from '../use-cases/apply-contract.ts';
import { applyFeatures, readFeatureDefinitions } from '../use-cases/apply-features.ts';
import { applyProject } from '../use-cases/apply-project.ts';
import { listProjects, readProject } from '../use-cases/read-projects.ts';

const { TABLE_NAME } = readEnvironment(environment);
const store = createProjectStore(createTable(documentClient(), TABLE_NAME));
const deps = { store, clock: systemClock, ids: ulidGenerator };

/** Whoever takes features from another project's dataset must be allowed to look at it. */
const mayRead =
  (caller: Caller) =>
  (project: string): void =>
    requireRole(caller, 'viewer', project);

export const handler = httpHandler([
  route(contract.applyProject, ({ params, body, caller }) => {
    const file = openProjectFile(body ?? '', params.project);
    return applyProject(deps, {
      project: params.project,
      datasets: { names: file.datasets, mayRead: mayRead(caller) },
      read: file.read,
      appliedBy: caller.id,
    });
  }),
  route(contract.applyFeatures, ({ params, query, body, caller }) => {
    const file = openFeaturesFile(body ?? '', params.project);
    return applyFeatures(deps, {
      project: params.project,
      datasets: { names: file.datasets, mayRead: mayRead(caller) },
      read: file.read,
      appliedBy: caller.id,
      isDryRun: query.dryRun === 'true',
    });
  }),
  route(contract.readFeatureDefinitions, ({ params }) => readFeatureDefinitions(store, params)),
  route(contract.applyContract, ({ params, query, body, caller }) =>
    applyContract(deps, {
      project: params.project,
      read: (definition, datasets) => readContractFile(body ?? '', definition, datasets),
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
