import * as z from 'zod';
import { projectDefinition } from './contract.ts';

/** A JSON Schema as far as it is walked here. */
export interface ObjectSchema {
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
  readonly additionalProperties?: ObjectSchema | boolean;
  readonly items?: ObjectSchema;
  readonly const?: unknown;
  readonly anyOf?: readonly ObjectSchema[];
  readonly oneOf?: readonly ObjectSchema[];
}

/** JSON Schema (draft 2020-12) of a project file as people write it: what has a default is optional. For editors. */
export function projectJsonSchema(): ObjectSchema {
  return {
    ...(z.toJSONSchema(projectDefinition, { io: 'input' }) as ObjectSchema),
    ...{ title: 'Millrace project', description: 'A machine learning project: project.yaml.' },
  };
}

type Path = readonly (string | number)[];

/** The names that a file of a schema may use below `path` of its value; empty where any name may be used, or none. */
export const allowedNames = (file: z.ZodType, path: Path, value: unknown): string[] =>
  Object.keys(schemaAt(file, path, value)?.properties ?? {});

/** The values that the member at `path` may have, where it says which of several schemas its map has, such as a rule's `check`. */
export function choicesAt(file: z.ZodType, path: Path, value: unknown): unknown[] {
  const { oneOf, anyOf } = schemaAt(file, path.slice(0, -1), value) ?? {};
  return (oneOf ?? anyOf ?? []).flatMap(({ properties }) => properties?.[path.at(-1)!]?.const ?? []);
}

function schemaAt(file: z.ZodType, path: Path, value: unknown): ObjectSchema | undefined {
  let schema: ObjectSchema | undefined = z.toJSONSchema(file, { io: 'input' }) as ObjectSchema;
  let part = value;
  for (const member of path) {
    schema = typeof member === 'number' ? schema?.items : memberSchema(schema, member);
    part =
      typeof part === 'object' && part !== null
        ? (part as Record<string | number, unknown>)[member]
        : undefined;
    schema = chosen(schema, part);
  }
  return schema;
}

function memberSchema(schema: ObjectSchema | undefined, member: string): ObjectSchema | undefined {
  const named = schema?.properties?.[member];
  if (named) return named;
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

/** Of several schemas the one whose constants the value has, such as a rule's `check`. */
function chosen(schema: ObjectSchema | undefined, value: unknown): ObjectSchema | undefined {
  const options = schema?.oneOf ?? schema?.anyOf;
  return (
    options?.find(({ properties = {} }) =>
      Object.entries(properties).some(
        ([name, { const: constant }]) =>
          constant !== undefined && constant === (value as Record<string, unknown> | undefined)?.[name],
      ),
    ) ?? schema
  );
}
