import { describe, expect, it } from 'vitest';
import type { RegressionTree, XgboostModel } from './model.ts';
import { readModel } from './read-model.ts';
import { decodeUbjson } from './ubjson.ts';
import { writeModel } from './write-model.ts';

const stump: RegressionTree = {
  leftChildren: Int32Array.of(1, -1, -1),
  rightChildren: Int32Array.of(2, -1, -1),
  parents: Int32Array.of(2147483647, 0, 0),
  splitIndices: Int32Array.of(1, 0, 0),
  splitConditions: Float32Array.of(0.5, -1, 1),
  defaultLeft: Uint8Array.of(1, 0, 0),
  baseWeights: Float32Array.of(0, -1, 1),
  lossChanges: Float32Array.of(3, 0, 0),
  sumHessian: Float32Array.of(4, 2, 2),
};
const model = (changes: Partial<XgboostModel> = {}): XgboostModel => ({
  objective: 'binary:logistic',
  featureCount: 2,
  classCount: 0,
  baseScores: [0.25],
  scalePosWeight: 1,
  trees: [stump],
  treeGroups: Int32Array.of(0),
  attributes: { best_iteration: '0' },
  ...changes,
});
/** The model as JSON, with the member at a path replaced. */
const jsonWith = (path: string, value: unknown): Buffer => {
  const text = JSON.stringify(decodeUbjson(writeModel(model())), (_key, member: unknown) =>
    member instanceof Float64Array ? [...member] : member,
  );
  const document = JSON.parse(text) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() as string;
  const parent = names.reduce((at, name) => at[name] as Record<string, unknown>, document);
  parent[last] = value;
  return Buffer.from(JSON.stringify(document));
};
const TREE = 'learner.gradient_booster.model.trees.0';
const PARAMS = 'learner.learner_model_param';

describe('readModel', () => {
  it('reads back what was written', () => {
    expect(readModel(writeModel(model()))).toEqual(model());
  });

  it.each([
    ['gblinear', 'learner.gradient_booster.name', 'gblinear', /booster 'gblinear'/],
    ['an unknown objective', 'learner.objective.name', 'rank:map', /objective 'rank:map'.*binary:logistic/],
    ['several targets', `${PARAMS}.num_target`, '2', /multi-target/],
    ['categorical splits', `${TREE}.split_type`, [1, 0, 0], /categorical splits \(tree 0\)/],
    ['a base score that is no number', `${PARAMS}.base_score`, 'much', /base_score is 'much'/],
    ['an absurd number of features', `${PARAMS}.num_feature`, '1e12', /num_feature is '1e12'/],
    ['a split on an absent feature', `${TREE}.split_indices`, [7, 0, 0], /splits on feature 7/],
    ['a node that is its own child', `${TREE}.left_children`, [0, -1, -1], /node 0.*two parents/],
    ['a child that is missing', `${TREE}.right_children`, [9, -1, -1], /node 9/],
    ['node arrays of different length', `${TREE}.parents`, [0], /differ in length/],
    ['node arrays of other things than numbers', `${TREE}.parents`, ['x'], /no list of numbers 'parents'/],
    ['a tree for an absent class', 'learner.gradient_booster.model.tree_info', [3], /tree_info/],
    ['no learner', 'learner', null, /no object 'learner'/],
  ])('refuses %s', (_what, path, value, message) => {
    expect(() => readModel(jsonWith(path, value))).toThrow(message);
  });

  it('reads base scores as XGBoost 3.1 writes them', () => {
    expect(readModel(jsonWith(`${PARAMS}.base_score`, '[2.5E-1]')).baseScores).toEqual([0.25]);
  });

  it('refuses the old binary format and names the cure', () => {
    expect(() => readModel(Buffer.from('binf\0\0\0'))).toThrow(/Save it again with XGBoost 3/);
  });

  it('does not load pickles', () => {
    expect(() => readModel(Buffer.from([0x80, 0x04, 0x95]))).toThrow(/pickles are not loaded/);
  });
});

describe('writeModel', () => {
  it('writes the base score with nine significant digits, since more are silently ignored by XGBoost 1.7 and 3.0', () => {
    const document = decodeUbjson(writeModel(model({ baseScores: [1 / 3] })));
    expect(document).toMatchObject({ learner: { learner_model_param: { base_score: '3.33333333e-1' } } });
  });

  it('calls itself version 1.7.6', () => {
    expect(decodeUbjson(writeModel(model()))).toMatchObject({ version: [1, 7, 6] });
  });
});
