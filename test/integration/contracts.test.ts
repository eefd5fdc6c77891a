import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContractApproved } from '#events/validation.ts';
import {
  applyContract,
  applyProject,
  checkContract,
  readContract,
  readProject,
} from '#services/projects/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { RunningPlatform } from './running-platform.ts';

/** Contracts of a project: by a file of their own, and by an approval. */
const platform = new RunningPlatform();
const project = 'rooms';
const params = { project };
const projectFile = `name: rooms
owners: [ada]
data: { primaryKey: id }
target: { column: price, task: regression }
`;
const contractFile = (rule: string) => `primaryKey: id
columns:
  id: { type: string }
  begin_at: { type: timestamp }
  end_at: { type: timestamp }
  price: { type: number }
  stars: { type: integer }
rules:
  - { check: expression, sql: '${rule}' }
`;
const newest = async () => (await platform.call(readProject, { params })).body;

beforeAll(async () => {
  await platform.start();
  await platform.call(applyProject, { params, body: projectFile });
});
afterAll(() => platform.close());

async function approve(eventId: string, columns: Record<string, string>): Promise<void> {
  const types = Object.entries(columns).map(([name, type]) => [name, { type }]);
  const text = JSON.stringify({ primaryKey: 'id', columns: Object.fromEntries(types) });
  const key = `validation/${project}/${sha256Hex(text)}.json`;
  await platform.put('data', key, text);
  const bucket = platform.runtime.endpoints.buckets.data;
  await platform.publish(
    ContractApproved.create(
      startingJourney({
        eventId,
        occurredAt: new Date(),
        project,
        actor: { type: 'user', id: 'uploader' },
        correlationId: 'journey',
      }),
      {
        project,
        suggestionId: 'suggestion',
        contract: { uri: `s3://${bucket}/${key}`, sha256: sha256Hex(text), bytes: text.length },
        edited: false,
        approvedBy: 'cleo',
        comment: 'Checked.',
      },
    ),
  );
}

describe('a contract’s file', () => {
  it('is refused with the place in the file and in the expression, and nothing changes', async () => {
    const body = contractFile('end_at >= begun_at');
    const { status, problem } = await platform.call(applyContract, { params, body });
    expect([status, problem.code]).toEqual([400, 'InvalidContract']);
    expect(problem['violations']).toEqual([
      {
        path: 'rules/0/sql',
        line: 9,
        column: 26,
        message: expect.stringMatching(/At character 11 .*did you mean 'begin_at'/),
      },
    ]);
    expect((await platform.call(readContract, { params })).problem.code).toBe('ContractNotFound');
  });

  it('is checked without a change, then applied, then kept by a project file without columns', async () => {
    const body = contractFile('end_at >= begin_at and price > 0');
    const tried = await platform.call(applyContract, { params, body, query: { dryRun: 'true' } });
    expect(tried.body).toMatchObject({ revision: 1, changed: true });
    const applied = await platform.call(applyContract, { params, body });
    expect(applied.body).toMatchObject({ revision: 2, changed: true, appliedBy: 'ann' });
    const again = await platform.call(applyProject, { params, body: projectFile });
    expect(again.body).toMatchObject({ revision: 2, changed: false });
    const { body: read } = await platform.call(readContract, { params });
    expect(read).toMatchObject({ revision: 2, contract: { rules: [{ check: 'expression' }] } });
  });
});

describe('an approved contract', () => {
  const columns = { id: 'string', price: 'number', stars: 'integer', city: 'string' };

  it('becomes a revision of the approver once, however often the fact arrives', async () => {
    await approve('approved-1', columns);
    const revision = await platform.eventually('the revision', async () => {
      const found = await newest();
      return found.revision === 3 ? found : undefined;
    });
    expect(revision).toMatchObject({ appliedBy: 'cleo', definition: { excludeFeatures: ['city'] } });
    expect(Object.keys(revision.definition.data.columns)).toEqual(Object.keys(columns));
    await approve('approved-1', { ...columns, floor: 'integer' });
    await approve('approved-2', { ...columns, pool: 'boolean' });
    const next = await platform.eventually('the next revision', async () => {
      const found = await newest();
      return 'pool' in found.definition.data.columns ? found : undefined;
    });
    expect(next.revision).toBe(4);
    expect(next.definition.data.columns).not.toHaveProperty('floor');
  });

  it('can be asked about before, by other services', async () => {
    const contract = {
      primaryKey: 'id',
      columns: { id: { type: 'string' }, stars: { type: 'integer' } },
    };
    const answer = await platform.invoke('projects', 'query', {
      query: checkContract.name,
      input: { project, contract },
    });
    expect(answer).toMatchObject({
      ok: true,
      output: { violations: [{ path: 'project.yaml/target/column' }] },
    });
  });
});
