import { columnsOf } from '#shared/expressions/expression.ts';
import { Typing } from '#shared/expressions/typing.ts';
import { AppError } from '#shared/kernel/errors.ts';
import {
  type ExpressionNames,
  expressionNames,
  type FeatureSurroundings,
  readOnDemand,
} from '../contract.ts';
import { type DefinitionViolation, unknownName } from './violation.ts';

type OnDemandFeature = FeatureSurroundings['features']['onDemandFeatureViews'][string]['features'][string];

/** What must hold for on-demand views: what they read exists, and their expressions give what is declared. Paths begin at `features`. */
export function onDemandViolations(surroundings: FeatureSurroundings): DefinitionViolation[] {
  const { features } = surroundings;
  return Object.entries(features.onDemandFeatureViews).flatMap(([name, view]) => {
    const path = ['onDemandFeatureViews', name];
    const unknown = view.views.flatMap((input, index) =>
      unknownName([...path, 'views', index], input, Object.keys(features.featureViews), {
        one: 'feature view',
        under: 'featureViews',
      }),
    );
    const names = expressionNames(surroundings, name);
    // Of an input that is not known yet, the revision that brings its dataset's contract tells.
    if (unknown.length > 0 || names.isPartial) return unknown;
    return Object.entries(view.features).flatMap(([feature, declared]) =>
      expressionViolations([...path, 'features', feature, 'expression'], declared, names),
    );
  });
}

function expressionViolations(
  path: readonly (string | number)[],
  { type, expression }: OnDemandFeature,
  names: ExpressionNames,
): DefinitionViolation[] {
  try {
    const read = new Typing(expression).expect(
      readOnDemand(expression, names),
      type,
      'the expression of the feature',
    );
    return columnsOf(read)
      .filter((name) => names.ambiguous.has(name))
      .map((name) => ({
        path,
        message: `'${name}' stands for several inputs; write ${names.ambiguous.get(name)!.join(' or ')}`,
      }));
  } catch (error) {
    if (error instanceof AppError && error.code === 'InvalidExpression')
      return [{ path, message: error.message.replace(/\.$/, '') }];
    throw error;
  }
}
