import { describe, expect, it } from 'vitest';
import { startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { createGovernanceStore } from '../store/governance-store.ts';
import { appendEvent } from './append-event.ts';
import { exportOpenLineage } from './export-open-lineage.ts';

const clock = manualClock('2026-01-01T00:00:00Z');
const platform = { stage: 'dev', buckets: { data: 'd', models: 'm', captures: 'c' } };

async function history(facts: readonly (readonly [name: string, data: Record<string, unknown>])[]) {
  const store = createGovernanceStore(createMemoryTable());
  for (const [index, [name, data]] of facts.entries()) {
    const metadata = startingJourney({
      eventId: `e${index}`,
      occurredAt: clock.now(),
      project: 'tumour',
      actor: { type: 'user', id: 'ada' },
    });
    const detailType = `${name}.v1`;
    await appendEvent({ store, clock, pause: async () => {} }, { source: 's', detailType, metadata, data });
  }
  return (pageToken?: string, limit = 100) =>
    exportOpenLineage({ store, platform }, 'tumour', { pageToken, limit });
}
type Page = Awaited<ReturnType<Awaited<ReturnType<typeof history>>>>;

async function allPages(read: Awaited<ReturnType<typeof history>>, limit?: number): Promise<Page[]> {
  const pages: Page[] = [];
  let token: string | undefined;
  do {
    const page = await read(token, limit);
    pages.push(page);
    token = page.nextPageToken;
  } while (token);
  return pages;
}
const requested = (trainingId: string) => ['TrainingRequested', { trainingId, trigger: 'Data' }] as const;

describe('the history as OpenLineage events', () => {
  it('comes oldest first, in pages of so many facts, with those left out that are not told', async () => {
    const facts = [requested('1'), ['EndpointRetired', {}] as const, requested('2'), requested('3')];
    const pages = await allPages(await history(facts), 2);
    expect(pages.map(({ events }) => events.length)).toEqual([1, 2]);
    const runs = pages.flatMap(({ events }) => events).map((event) => JSON.stringify(event['run']));
    expect(new Set(runs).size).toBe(3);
    expect(pages[0]?.events[0]).toMatchObject({
      eventType: 'START',
      job: { name: 'tumour.training' },
      run: {
        facets: {
          tags: { tags: expect.arrayContaining([{ key: 'requestedBy', value: 'ada', source: 'MILLRACE' }]) },
        },
      },
    });
  });

  it('never answers more than Lambda may, and loses nothing by that', async () => {
    const columns = Array.from({ length: 2000 }, (_, index) => ({
      name: `column ${index}`.padEnd(60),
      type: 'number',
    }));
    const wide = Array.from(
      { length: 40 },
      (_, index) => ['DatasetVersionCreated', { datasetVersion: index + 1, columns, source: {} }] as const,
    );
    const pages = await allPages(await history(wide));
    expect(pages.length).toBeGreaterThan(1);
    for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(6_000_000);
    expect(pages.flatMap(({ events }) => events)).toHaveLength(80);
  });

  it('refuses a page of another list', async () => {
    await expect((await history([]))('nonsense')).rejects.toMatchObject({ name: 'InvalidPageToken' });
  });

  it('is empty for a project of which nothing is known', async () => {
    expect(await (await history([]))()).toEqual({ events: [] });
  });
});
