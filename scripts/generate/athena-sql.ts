import { athenaStatements } from '#services/validation/engine/athena-statements.ts';
import type { Artefact } from './artefact.ts';

/** Folder of the statements: a file there that belongs to no check is removed. */
export const athenaFolder = 'services/validation/engine/golden/trino';

/** The SQL that Athena gets for each check of a contract. */
export const athenaSql = (): Artefact[] =>
  athenaStatements().map(({ name, sql }) => ({ path: `${athenaFolder}/${name}.sql`, content: `${sql}\n` }));
