import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { sufficientRoles } from '#shared/contracts/endpoint.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { environment } from '../env.ts';
import { readProjectFile } from '../project-file/read-project-file.ts';
import { createProjectStore } from '../store/project-store.ts';
import { applyProject } from '../use-cases/apply-project.ts';
import { listProjects, readProject } from '../use-cases/read-projects.ts';

const { TABLE_NAME } = readEnvironment(environment);
const store = createProjectStore(createTable(documentClient(), TABLE_NAME));

export const handler = httpHandler([
  route(contract.applyProject, ({ params, body, caller }) =>
    applyProject(
      { store, clock: systemClock, ids: ulidGenerator },
      { definition: readProjectFile(body ?? '', params.project), appliedBy: caller.id },
    ),
  ),
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
