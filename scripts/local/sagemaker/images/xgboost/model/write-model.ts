import type { RegressionTree, XgboostModel } from './model.ts';
import type { UbjsonValue } from './ubjson.ts';
import { encodeUbjson } from './ubjson.ts';

/**
 * Renders a model as the UBJSON file that XGBoost 1.7 to 3.x load. Equal models give equal bytes.
 *
 * `base_score` is written with nine significant digits: with more of them 1.7 and 3.0 fall back to 0.5 without a word.
 * The version says 1.7.6, the oldest whose layout this is.
 * @throws Error when classes have different base scores (XGBoost 3.1 and later), which that layout cannot hold.
 */
export function writeModel(model: XgboostModel): Buffer {
  if (new Set(model.baseScores).size > 1)
    throw new Error(
      `The base scores ${model.baseScores.join(', ')} differ between classes; this layout holds one.`,
    );
  const classes = String(model.classCount);
  return encodeUbjson({
    learner: {
      attributes: model.attributes,
      feature_names: [],
      feature_types: [],
      gradient_booster: {
        model: {
          gbtree_model_param: {
            num_parallel_tree: '1',
            num_trees: String(model.trees.length),
            size_leaf_vector: '0',
          },
          tree_info: [...model.treeGroups],
          trees: model.trees.map((tree, id) => encodedTree(tree, id, model.featureCount)),
        },
        name: 'gbtree',
      },
      learner_model_param: {
        base_score: (model.baseScores[0] as number).toExponential(8),
        boost_from_average: '1',
        num_class: classes,
        num_feature: String(model.featureCount),
        num_target: '1',
      },
      objective: objectiveDocument(model),
    },
    version: [1, 7, 6],
  });
}

function objectiveDocument(model: XgboostModel): UbjsonValue {
  return model.objective.startsWith('multi:')
    ? { name: model.objective, softmax_multiclass_param: { num_class: String(model.classCount) } }
    : { name: model.objective, reg_loss_param: { scale_pos_weight: String(model.scalePosWeight) } };
}

function encodedTree(tree: RegressionTree, id: number, featureCount: number): UbjsonValue {
  const nodes = tree.leftChildren.length;
  return {
    base_weights: tree.baseWeights,
    categories: new Int32Array(0),
    categories_nodes: new Int32Array(0),
    categories_segments: new BigInt64Array(0),
    categories_sizes: new BigInt64Array(0),
    default_left: tree.defaultLeft,
    id,
    left_children: tree.leftChildren,
    loss_changes: tree.lossChanges,
    parents: tree.parents,
    right_children: tree.rightChildren,
    split_conditions: tree.splitConditions,
    split_indices: tree.splitIndices,
    split_type: new Uint8Array(nodes),
    sum_hessian: tree.sumHessian,
    tree_param: {
      num_deleted: '0',
      num_feature: String(featureCount),
      num_nodes: String(nodes),
      size_leaf_vector: '0',
    },
  };
}
