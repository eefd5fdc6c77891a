import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { samples } from '#events/samples.ts';
import { factName } from '#services/governance/domain/facts.ts';
import { openLineageEventsOf } from '#services/governance/domain/open-lineage/events.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { pythonEnvironment } from './parts/python.ts';

/** The standard's own client, whose classes are generated from its schemas. */
const client = await part(() => pythonEnvironment('openlineage', ['openlineage-python==1.54.0']));
const program = new URL('./open-lineage/read_events.py', import.meta.url).pathname;

const platform = {
  stage: 'dev',
  buckets: { data: 'acme-data', models: 'acme-models', captures: 'acme-captures' },
};
const events = samples.flatMap(({ detailType, detail }) => {
  const { actor, ...metadata } = detail.metadata;
  const data = detail.data as Record<string, unknown>;
  return openLineageEventsOf({ ...metadata, name: factName(detailType), actor: actor.id, data }, platform);
});

/** What the client reads and would send on. Throws with its words where it does not understand an event. */
function asTheClientSends(given: readonly unknown[]): unknown[] {
  const input = given.map((event) => JSON.stringify(event)).join('\n');
  const sent = execFileSync(theValue(client).python, [program], { input, encoding: 'utf8', stdio: 'pipe' });
  return sent
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Without members that hold nothing: the client writes some of those, and leaves out others. */
function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, told(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => !isEmpty(member)));
}
const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0);

describe.skipIf(client.missing)(checkTitle('OpenLineage’s own client', client), () => {
  it('reads every event of the platform and would send the same', () => {
    expect(events.length).toBeGreaterThanOrEqual(40);
    expect(asTheClientSends(events).map(told)).toEqual(events.map(told));
  });

  it.each([
    ['a member that the standard does not have', { unknown: 1 }, /KeyError: 'unknown'/],
    ['a run whose id is no UUID', { run: { runId: 'run-1', facets: {} } }, /badly formed hexadecimal UUID/],
    ['a time that is none', { eventTime: 'yesterday' }, /Expected 4 digits/],
  ])('would refuse %s', (_name, change, words) => {
    const [event] = events.filter((one) => 'run' in one);
    expect(() => asTheClientSends([{ ...event, ...change }])).toThrow(words);
  });
});
