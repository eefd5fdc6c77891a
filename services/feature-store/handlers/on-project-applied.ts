import { ProjectApplied } from '#events/projects.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { definitionEnvironment } from '../env.ts';
import { createDefinitionStore } from '../store/definition-store.ts';
import { askProjectDefinitions } from '../store/neighbours.ts';
import { ensureDefined } from '../use-cases/ensure-defined.ts';

const env = readEnvironment(definitionEnvironment);
const deps = {
  definitions: createDefinitionStore(createTable(documentClient(), env.TABLE_NAME)),
  projects: askProjectDefinitions(env.MILLRACE_STAGE),
  clock: systemClock,
};

export const handler = eventHandler(ProjectApplied, async ({ detail: { data, metadata } }) => {
  await ensureDefined(deps, data.project, data.revision, {
    cause: metadata,
    consumed: { consumer: 'feature-store/on-project-applied', eventId: metadata.eventId },
  });
});
