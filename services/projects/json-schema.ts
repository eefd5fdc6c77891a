import * as z from 'zod';
import { projectDefinition } from './contract.ts';

/** A JSON Schema as far as it is walked here. */
export interface ObjectSchema {
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
  readonly additionalProperties?: ObjectSchema | boolean;
  readonly items?: ObjectSchema;
}

/** JSON Schema (draft 2020-12) of a project file as people write it: what has a default is optional. For editors. */
export function projectJsonSchema(): ObjectSchema {
  return {
    ...(z.toJSONSchema(projectDefinition, { io: 'input' }) as ObjectSchema),
    ...{ title: 'Millrace project', description: 'A machine learning project: project.yaml.' },
  };
}

/** The names that a project file may use below `path`; empty where any name may be used, or none. */
export function allowedNames(path: readonly (string | number)[]): string[] {
  let schema: ObjectSchema | undefined = projectJsonSchema();
  for (const member of path)
    schema = typeof member === 'number' ? schema?.items : memberSchema(schema, member);
  return Object.keys(schema?.properties ?? {});
}

function memberSchema(schema: ObjectSchema | undefined, member: string): ObjectSchema | undefined {
  const named = schema?.properties?.[member];
  if (named) return named;
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}
