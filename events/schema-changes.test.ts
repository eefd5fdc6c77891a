import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { JsonSchema } from './golden-schema.ts';
import { schemaChanges } from './schema-changes.ts';

const before = {
  name: z.string(),
  note: z.string().optional(),
  kind: z.enum(['a', 'b']),
  parts: z.array(z.object({ size: z.number() })),
};
const schemaOf = (shape: z.ZodRawShape): JsonSchema =>
  z.toJSONSchema(z.object(shape), { io: 'input' }) as JsonSchema;
const changesTo = (shape: z.ZodRawShape): string[] =>
  schemaChanges(schemaOf(before), schemaOf(shape)).map(
    ({ kind, path, change }) => `${kind}: ${path}: ${change}`,
  );

describe('changes of a schema', () => {
  it('are none where only members changed places or words', () => {
    const { name, ...others } = before;
    expect(changesTo({ ...others, name })).toEqual([]);
    expect(changesTo({ ...before, name: name.describe('What it is called.') })).toEqual([]);
  });

  it('are additive where an optional member came, at any depth', () => {
    expect(changesTo({ ...before, more: z.string().optional() })).toEqual([
      'additive: more: a new optional member',
    ]);
    const parts = z.array(z.object({ size: z.number(), unit: z.string().optional() }));
    expect(changesTo({ ...before, parts })).toEqual(['additive: parts[].unit: a new optional member']);
  });

  it.each<[string, z.ZodRawShape, string]>([
    [
      'a member is renamed',
      { label: z.string().optional(), note: before.note, kind: before.kind, parts: before.parts },
      'breaking: name: the member was removed or renamed',
    ],
    [
      'a new member is required',
      { ...before, more: z.string() },
      'breaking: more: a new member is required: make it optional',
    ],
    ['a member becomes required', { ...before, note: z.string() }, 'breaking: note: is newly required'],
    [
      'a member may be missing now',
      { ...before, name: z.string().optional() },
      'breaking: name: is no longer always there',
    ],
    ['a type changes', { ...before, name: z.number() }, 'breaking: name: type was "string" and is "number"'],
    [
      'a type is narrowed',
      { ...before, name: z.string().max(5) },
      'breaking: name: maxLength was absent and is 5',
    ],
    [
      'a choice comes, which deployed consumers do not know',
      { ...before, kind: z.enum(['a', 'b', 'c']) },
      'breaking: kind: enum was ["a","b"] and is ["a","b","c"]',
    ],
    [
      'a member of an item changes',
      { ...before, parts: z.array(z.object({ size: z.int() })) },
      'breaking: parts[].size: type was "number" and is "integer"',
    ],
  ])('are breaking where %s', (_name, shape, expected) => {
    expect(changesTo(shape)).toContain(expected);
  });
});
