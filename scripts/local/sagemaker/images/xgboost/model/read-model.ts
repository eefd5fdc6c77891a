import type { Objective, RegressionTree, XgboostModel } from './model.ts';
import { OBJECTIVES, outputGroups } from './model.ts';
import type { DecodedUbjson } from './ubjson.ts';
import { decodeUbjson } from './ubjson.ts';

/**
 * Reads a model file of XGBoost 1.6 or later, UBJSON or JSON. Pickles are never loaded.
 * @throws Error naming the member that is missing, malformed or of a kind that this program cannot serve.
 */
export function readModel(bytes: Buffer): XgboostModel {
  const learner = objectAt(parseDocument(bytes), 'learner');
  const booster = objectAt(learner, 'gradient_booster');
  const boosterName = textAt(booster, 'name');
  if (boosterName !== 'gbtree') throw unsupported(`booster '${boosterName}'`, "'gbtree'");
  const objective = textAt(objectAt(learner, 'objective'), 'name');
  if (!isObjective(objective)) throw unsupported(`objective '${objective}'`, OBJECTIVES.join(', '));
  const params = objectAt(learner, 'learner_model_param');
  if (Number(params['num_target'] ?? 1) > 1) throw unsupported('multi-target trees', 'one target');
  const featureCount = wholeNumber(textAt(params, 'num_feature'), 'num_feature');
  const classCount = wholeNumber(textAt(params, 'num_class'), 'num_class');
  const boosterModel = objectAt(booster, 'model');
  const trees = listAt(boosterModel, 'trees').map((tree, index) => readTree(tree, index, featureCount));
  return {
    objective,
    featureCount,
    classCount,
    baseScores: readBaseScores(textAt(params, 'base_score'), outputGroups({ classCount })),
    scalePosWeight: readScalePosWeight(objectAt(learner, 'objective')),
    trees,
    treeGroups: readTreeGroups(boosterModel, trees.length, outputGroups({ classCount })),
    attributes: readAttributes(learner),
  };
}

type Members = { readonly [key: string]: DecodedUbjson };

function parseDocument(bytes: Buffer): DecodedUbjson {
  if (bytes.subarray(0, 4).toString('latin1') === 'binf')
    throw new Error(
      "The model is in XGBoost's old binary format ('binf', written by 1.7 under a name without extension), which XGBoost 3.1 and later refuse too. Save it again with XGBoost 3.0 or as '.ubj' or '.json'.",
    );
  if (bytes[0] !== 0x7b)
    throw new Error(
      'The model file is neither UBJSON nor JSON as XGBoost writes them; pickles are not loaded.',
    );
  const second = String.fromCharCode(bytes[1] ?? 0);
  return '" \n\r\t}'.includes(second)
    ? (JSON.parse(bytes.toString('utf8')) as DecodedUbjson)
    : decodeUbjson(bytes);
}

function unsupported(what: string, supported: string): Error {
  return new Error(`The model uses ${what}, which is not supported here. Supported: ${supported}.`);
}

function isObjective(name: string): name is Objective {
  return (OBJECTIVES as readonly string[]).includes(name);
}

function isObject(value: DecodedUbjson | undefined): value is Members {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float64Array)
  );
}

function objectAt(parent: DecodedUbjson, key: string): Members {
  const value = isObject(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (!isObject(value)) throw new Error(`The model file has no object '${key}'.`);
  return value;
}

function textAt(parent: Members, key: string): string {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (typeof value !== 'string') throw new Error(`The model file has no text '${key}'.`);
  return value;
}

function listAt(parent: Members, key: string): readonly DecodedUbjson[] {
  const value = parent[key];
  if (!Array.isArray(value)) throw new Error(`The model file has no list '${key}'.`);
  return value;
}

function numbersAt(parent: Members, key: string): Float64Array {
  const value = parent[key];
  if (value instanceof Float64Array) return value;
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'number'))
    throw new Error(`The model file has no list of numbers '${key}'.`);
  return Float64Array.from(value as number[]);
}

function wholeNumber(text: string, key: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 1_000_000)
    throw new Error(`The model's ${key} is '${text}'; it must be a whole number from 0 to 1000000.`);
  return value;
}

/** `5E-1` up to XGBoost 3.0, `[5E-1]` or one value per class from 3.1. */
function readBaseScores(text: string, groups: number): readonly number[] {
  const values = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(Number);
  if (values.some((value) => !Number.isFinite(value)) || (values.length !== 1 && values.length !== groups))
    throw new Error(`The model's base_score is '${text}'; it must be one number, or one per class.`);
  return values.length === groups ? values : Array.from({ length: groups }, () => values[0] as number);
}

function readScalePosWeight(objective: Members): number {
  const param = objective['reg_loss_param'];
  return isObject(param) ? Number(param['scale_pos_weight'] ?? 1) : 1;
}

function readTreeGroups(boosterModel: Members, treeCount: number, groups: number): Int32Array {
  const info = Int32Array.from(numbersAt(boosterModel, 'tree_info'));
  if (info.length !== treeCount || info.some((group) => group < 0 || group >= groups))
    throw new Error(
      `The model's tree_info must have one group from 0 to ${groups - 1} for each of its trees.`,
    );
  return info;
}

function readAttributes(learner: Members): Record<string, string> {
  const attributes = learner['attributes'];
  if (!isObject(attributes)) return {};
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function readTree(document: DecodedUbjson, index: number, featureCount: number): RegressionTree {
  if (!isObject(document)) throw new Error(`Tree ${index} of the model is not an object.`);
  if (document['split_type'] !== undefined && numbersAt(document, 'split_type').some((type) => type !== 0))
    throw unsupported(`categorical splits (tree ${index})`, 'numeric splits');
  const tree: RegressionTree = {
    leftChildren: Int32Array.from(numbersAt(document, 'left_children')),
    rightChildren: Int32Array.from(numbersAt(document, 'right_children')),
    parents: Int32Array.from(numbersAt(document, 'parents')),
    splitIndices: Int32Array.from(numbersAt(document, 'split_indices')),
    splitConditions: Float32Array.from(numbersAt(document, 'split_conditions')),
    defaultLeft: readFlags(document, 'default_left'),
    baseWeights: Float32Array.from(numbersAt(document, 'base_weights')),
    lossChanges: Float32Array.from(numbersAt(document, 'loss_changes')),
    sumHessian: Float32Array.from(numbersAt(document, 'sum_hessian')),
  };
  assertTree(tree, index, featureCount);
  return tree;
}

/** Flags are numbers in UBJSON and in newer JSON, `true` and `false` in JSON of 1.x. */
function readFlags(document: Members, key: string): Uint8Array {
  const value = document[key];
  return Array.isArray(value)
    ? Uint8Array.from(value, (flag) => (flag ? 1 : 0))
    : Uint8Array.from(numbersAt(document, key));
}

/** A file that lies about its nodes must not send the predictor round in circles or out of its arrays. */
function assertTree(tree: RegressionTree, index: number, featureCount: number): void {
  const count = tree.leftChildren.length;
  if (count === 0 || Object.values(tree).some((array: ArrayLike<number>) => array.length !== count))
    throw new Error(`The node arrays of tree ${index} are empty or differ in length.`);
  const seen = new Uint8Array(count);
  const pending = [0];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node < 0 || node >= count || seen[node] === 1)
      throw new Error(
        `Tree ${index} of the model refers to node ${node}, which is missing or has two parents.`,
      );
    seen[node] = 1;
    if (tree.leftChildren[node] === -1) continue;
    const feature = tree.splitIndices[node] as number;
    if (feature < 0 || feature >= featureCount)
      throw new Error(
        `Tree ${index} of the model splits on feature ${feature}; it has ${featureCount} features.`,
      );
    pending.push(tree.leftChildren[node] as number, tree.rightChildren[node] as number);
  }
}
