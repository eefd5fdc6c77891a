import { canonicalJson } from '#shared/kernel/hash.ts';
import type { JsonSchema } from './golden-schema.ts';

/** `additive`: old and new consumers read old and new events. `breaking`: some do not, so the event needs a next version. */
export interface SchemaChange {
  readonly kind: 'additive' | 'breaking';
  /** Where, e.g. `data.columns[].type`. */
  readonly path: string;
  readonly change: string;
}

const structural = new Set(['$schema', 'title', 'description', 'properties', 'required', 'items']);

/**
 * What changed between two schemas of one event. A new optional member is additive; everything else that decides what is valid
 * is breaking: a wider type breaks consumers that are deployed already, a narrower one breaks events that are on their way.
 */
export function schemaChanges(before: JsonSchema, after: JsonSchema, path = ''): SchemaChange[] {
  const keywords = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return [
    ...keywords
      .filter((keyword) => !structural.has(keyword) && text(before[keyword]) !== text(after[keyword]))
      .map((keyword) =>
        breaking(path, `${keyword} was ${text(before[keyword])} and is ${text(after[keyword])}`),
      ),
    ...memberChanges(before, after, path),
    ...(before.items && after.items ? schemaChanges(before.items, after.items, `${path}[]`) : []),
    ...(before.items && !after.items ? [breaking(path, 'items may be anything now')] : []),
    ...(!before.items && after.items ? [breaking(path, 'items are restricted now')] : []),
  ];
}

function memberChanges(before: JsonSchema, after: JsonSchema, path: string): SchemaChange[] {
  const old = before.properties ?? {};
  const required = new Set(after.required);
  const wasRequired = new Set(before.required);
  const kept = Object.entries(old).flatMap(([name, schema]) => {
    const place = path === '' ? name : `${path}.${name}`;
    const now = after.properties?.[name];
    if (!now) return [breaking(place, 'the member was removed or renamed')];
    return [
      ...(required.has(name) && !wasRequired.has(name) ? [breaking(place, 'is newly required')] : []),
      ...(!required.has(name) && wasRequired.has(name) ? [breaking(place, 'is no longer always there')] : []),
      ...schemaChanges(schema, now, place),
    ];
  });
  const added = Object.keys(after.properties ?? {})
    .filter((name) => !old[name])
    .map((name): SchemaChange => {
      const place = path === '' ? name : `${path}.${name}`;
      return required.has(name)
        ? breaking(place, 'a new member is required: make it optional')
        : { kind: 'additive', path: place, change: 'a new optional member' };
    });
  return [...kept, ...added];
}

const breaking = (path: string, change: string): SchemaChange => ({ kind: 'breaking', path, change });
const text = (value: unknown): string => (value === undefined ? 'absent' : canonicalJson(value));
