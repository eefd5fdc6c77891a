import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EventDefinition } from '#shared/contracts/event.ts';
import { goldenPath, goldenSchema, type JsonSchema } from './golden-schema.ts';
import { allEvents } from './index.ts';
import { samples } from './samples.ts';
import { schemaChanges } from './schema-changes.ts';

const here = new URL('./', import.meta.url);
const servicesFolder = new URL('../services/', import.meta.url);

/** What differs from the golden schema, and what to do about it; empty when nothing does. */
function difference(event: EventDefinition): string {
  let golden: JsonSchema;
  try {
    golden = JSON.parse(readFileSync(new URL(goldenPath(event), here), 'utf8')) as JsonSchema;
  } catch {
    return `${goldenPath(event)} is missing. Write it: npm run generate`;
  }
  const changes = schemaChanges(golden, goldenSchema(event));
  if (changes.length === 0) return '';
  const lines = changes.map(({ kind, path, change }) => `  ${kind}: ${path}: ${change}`);
  const cure = changes.some(({ kind }) => kind === 'breaking')
    ? `Published events and deployed consumers would break: publish ${event.name} in version ${event.version + 1} beside this one.`
    : 'Nothing breaks. Write the golden schema again: npm run generate';
  return [`${event.detailType} is not as ${goldenPath(event)} says.`, ...lines, cure].join('\n');
}

const kebab = (name: string): string => name.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase();

/** What an event is exported as: later versions stand beside the first. */
const constantName = ({ name, version }: EventDefinition): string =>
  version === 1 ? name : `${name}V${version}`;

describe('golden schemas', () => {
  it.each(allEvents.map((event) => [event.detailType, event] as const))(
    '%s is what its golden schema says',
    (_name, event) => {
      expect(difference(event)).toBe('');
    },
  );

  it('there is one for each event and no other', () => {
    expect(readdirSync(new URL('golden/', here)).sort()).toEqual(
      allEvents.map((event) => goldenPath(event).slice('golden/'.length)).sort(),
    );
  });

  it('no two events have the same detail type', () => {
    expect(new Set(allEvents.map(({ detailType }) => detailType)).size).toBe(allEvents.length);
  });
});

describe('samples', () => {
  it('there is one for each event', () => {
    expect(samples.map(({ detailType }) => detailType).sort()).toEqual(
      allEvents.map(({ detailType }) => detailType).sort(),
    );
  });

  it.each(allEvents.map((event) => [event.detailType, event] as const))(
    '%s comes over the bus as it was published',
    (_name, event) => {
      const { source, detailType, detail } = samples.find(
        (sample) => sample.detailType === event.detailType,
      )!;
      const delivered = { source, 'detail-type': detailType, detail: JSON.parse(JSON.stringify(detail)) };
      expect(event.parse(delivered).detail).toEqual(detail);
    },
  );

  it('tell of no fact before its cause', () => {
    const earlier = new Set<string>();
    for (const { detail, detailType } of samples) {
      const { eventId, causationId, causationDepth } = detail.metadata;
      if (causationId) expect(earlier, detailType).toContain(causationId);
      expect(causationDepth > 0, detailType).toBe(causationId !== undefined);
      earlier.add(eventId);
    }
  });
});

describe('consumers', () => {
  const handlers = readdirSync(servicesFolder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\/handlers\/on-.*(?<!test)\.ts$/.test(path),
  );
  const consumed = handlers.flatMap((path) => {
    const source = readFileSync(new URL(path, servicesFolder), 'utf8');
    return [...source.matchAll(/import \{([^}]+)\} from '#events\/[^']+'/g)]
      .flatMap(([, names = '']) => names.split(','))
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '))
      .map((name) => [path, name] as const);
  });

  it('are found', () => {
    expect(consumed.length).toBeGreaterThan(5);
  });

  it.each(consumed)('%s takes %s, which is published', (path, name) => {
    expect(allEvents.map(constantName)).toContain(name);
    expect(path).toMatch(new RegExp(`/on-${kebab(name)}\\.ts$`));
  });
});
