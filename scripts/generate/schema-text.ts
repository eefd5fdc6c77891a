import * as z from 'zod';
import { columnSchema, projectName, storedObject } from '#shared/contracts/parts.ts';
import { canonicalJson } from '#shared/kernel/hash.ts';

/** A JSON Schema as zod writes it, as far as it is put into words. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** One member of a document, with the way to it: `gates.thresholds[].min`. */
export interface Member {
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly schema: Schema;
}

/** A format says it all; the pattern that zod writes beside it is long. */
const override: z.core.ToJSONSchemaParams['override'] = ({ jsonSchema }) => {
  if (jsonSchema.format) delete jsonSchema.pattern;
};
/** The schema as a reader of JSON sees it: what has a default is there. */
export const outputSchema = (schema: z.ZodType): Schema => z.toJSONSchema(schema, { override }) as Schema;
/** The schema as a writer of JSON sees it: what has a default may be left out. */
export const inputSchema = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { io: 'input', override }) as Schema;

const shapeOf = ({ ...schema }: Schema): string => canonicalJson({ ...schema, $schema: '', description: '' });
/** Parts that have a name of their own instead of members. */
const named = new Map(
  [
    ['stored object', outputSchema(storedObject)],
    ['stored object', inputSchema(storedObject)],
    ['column', outputSchema(columnSchema)],
    ['column', inputSchema(columnSchema)],
    ['project name', outputSchema(projectName)],
  ].map(([name, schema]) => [shapeOf(schema as Schema), name as string]),
);

/** The type in a few words: `integer from 1`, `list of text`, `"Pass" or "Fail"`. */
export function typeText(schema: Schema): string {
  const name = named.get(shapeOf(schema));
  if (name) return name;
  if (schema.enum) return choices(schema.enum);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.anyOf)
    return schema.anyOf.every((option) => 'const' in option)
      ? choices(schema.anyOf.map((option) => option.const))
      : schema.anyOf.map(typeText).join(' or ');
  if (schema.oneOf) return `object by its ${discriminatorOf(schema.oneOf)}`;
  if (schema.format === 'date-time') return 'time';
  if (schema.pattern === '^[0-9a-f]{64}$') return 'SHA-256';
  if (schema.items) return `list of ${typeText(schema.items)}`;
  if (schema.type === 'object')
    return typeof schema.additionalProperties === 'object'
      ? `map to ${typeText(schema.additionalProperties)}`
      : 'object';
  const types = schema.type === undefined ? ['anything'] : [schema.type].flat();
  return `${types.map((type) => (type === 'string' ? 'text' : type)).join(' or ')}${rangeText(schema)}`;
}

/** The member by whose value options of an object are told apart. */
const discriminatorOf = (options: readonly Schema[]): string =>
  Object.keys(options[0]?.properties ?? {}).find((name) =>
    options.every(({ properties }) => properties?.[name]?.const !== undefined),
  ) ?? 'members';

const choices = (values: readonly unknown[]): string =>
  values.map((value) => JSON.stringify(value)).join(' or ');

/** Integers of JavaScript have bounds that say nothing. */
const meaningful = (bound: number | undefined): bound is number =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  return [
    meaningful(minimum) ? ` from ${minimum}` : '',
    meaningful(exclusiveMinimum) ? ` above ${exclusiveMinimum}` : '',
    meaningful(maximum) ? ` to ${maximum}` : '',
    meaningful(exclusiveMaximum) ? ` below ${exclusiveMaximum}` : '',
  ].join('');
}

/** All members of an object, those of objects inside it too, in the order of the schema. */
export function membersOf(schema: Schema, prefix = ''): Member[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = `${prefix}${name}`;
    const own: Member = { path, type: typeText(member), required: required.has(name), schema: member };
    if (named.has(shapeOf(member))) return [own];
    return [own, ...membersOf(member, `${path}.`), ...membersBelow(member, path)];
  });
}

/** Members of a list’s items and of a map’s values. */
function membersBelow(schema: Schema, path: string): Member[] {
  const inside = [
    [schema.items, `${path}[]`] as const,
    [schema.additionalProperties, `${path}.<name>`] as const,
  ];
  return inside.flatMap(([below, prefix]) => {
    if (typeof below !== 'object' || named.has(shapeOf(below))) return [];
    return below.oneOf ? membersOfOptions(below.oneOf, prefix) : membersOf(below, `${prefix}.`);
  });
}

/** Members that an object has by the value of one of them: first those of every option, then each option's own. */
function membersOfOptions(options: readonly Schema[], prefix: string): Member[] {
  const discriminator = discriminatorOf(options);
  const all = options.map((option) => membersOf(option).filter(({ path }) => path !== discriminator));
  const key = (member: Member): string => canonicalJson({ ...member });
  const isCommon = (member: Member): boolean =>
    all.every((members) => members.some((other) => key(other) === key(member)));
  const constant = (option: Schema): string => String(option.properties?.[discriminator]?.const);
  return [
    {
      path: `${prefix}.${discriminator}`,
      type: choices(options.map(constant)),
      required: true,
      schema: { description: 'Says which members there are besides those of each.' },
    },
    ...all[0]!.filter(isCommon).map((member) => ({ ...member, path: `${prefix}.${member.path}` })),
    ...options.flatMap((option, index) =>
      all[index]!.filter((member) => !isCommon(member)).map((member) => ({
        ...member,
        path: `${prefix}(${constant(option)}).${member.path}`,
      })),
    ),
  ];
}
