import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import { projectName, sha256 } from '#shared/contracts/parts.ts';

export const ProjectApplied = defineEvent({
  service: 'projects',
  name: 'ProjectApplied',
  version: 1,
  description:
    'A project file was accepted as a new revision. The same content again makes no revision and no event.',
  data: z.object({
    project: projectName,
    revision: z.int().min(1),
    definitionSha256: sha256,
    owners: z.array(z.string()),
  }),
});
