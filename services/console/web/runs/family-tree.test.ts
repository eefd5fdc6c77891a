import { describe, expect, it } from 'vitest';
import { runOf } from '../api/mlflow-entities.ts';
import { type FamilyState, parentsIn, parentTag, rowsOf } from './family-tree.ts';

const run = (id: string, parent?: string) =>
  runOf({
    info: { run_id: id },
    data: { tags: parent ? [{ key: parentTag, value: parent }] : [] },
  });
const state = (some: Partial<FamilyState>): FamilyState => ({
  parents: new Set(),
  isComplete: true,
  open: new Set(),
  childrenOf: new Map(),
  ...some,
});
const shown = (runs: Parameters<typeof rowsOf>[0], some: Partial<FamilyState>) =>
  rowsOf(runs, state(some)).map(
    ({ run: { runId }, depth, children }) => `${'-'.repeat(depth)}${runId} ${children}`,
  );

describe('a nested table', () => {
  const sweep = run('sweep');

  it('has children below an open parent, and theirs below them', () => {
    const childrenOf = new Map([
      ['sweep', [run('trial', 'sweep'), run('trial2', 'sweep')]],
      ['trial', [run('fold', 'trial')]],
    ]);
    const open = new Set(['sweep', 'trial']);
    const parents = new Set(['sweep', 'trial']);
    expect(shown([sweep, run('alone')], { childrenOf, open, parents })).toEqual([
      'sweep open',
      '-trial open',
      '--fold none',
      '-trial2 none',
      'alone none',
    ]);
  });

  it('says who can be opened: those known to have children, and all while not all are known', () => {
    expect(shown([sweep, run('alone')], { parents: new Set(['sweep']) })).toEqual([
      'sweep closed',
      'alone none',
    ]);
    expect(shown([sweep, run('alone')], { parents: new Set(['sweep']), isComplete: false })).toEqual([
      'sweep closed',
      'alone maybe',
    ]);
  });

  it('forgets the mark of a run that was asked and has none', () => {
    const childrenOf = new Map([['sweep', []]]);
    expect(shown([sweep], { childrenOf, open: new Set(['sweep']), isComplete: false })).toEqual([
      'sweep none',
    ]);
  });

  it('ends where runs name each other as parents', () => {
    const childrenOf = new Map([
      ['a', [run('b', 'a')]],
      ['b', [run('a', 'b')]],
    ]);
    expect(shown([run('a', 'b')], { childrenOf, open: new Set(['a', 'b']) })).toEqual(['a open', '-b open']);
  });
});

it('a page of children names their parents, and the last page all of them', () => {
  const items = [run('x', 'p'), run('y', 'p'), run('z', 'q')];
  expect(parentsIn({ items })).toEqual({ parents: new Set(['p', 'q']), isComplete: true });
  expect(parentsIn({ items, nextPageToken: 't' }).isComplete).toBe(false);
});
