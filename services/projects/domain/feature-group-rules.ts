import type { FeatureSurroundings } from '../contract.ts';
import { type DefinitionViolation, violationWhere } from './violation.ts';

/**
 * What must hold for views whose values SageMaker keeps: it holds one row per entity, written by one writer, which windows and streams
 * are not.
 */
export function featureGroupViolations({ features }: FeatureSurroundings): DefinitionViolation[] {
  return Object.entries(features.featureViews)
    .filter(([, { store }]) => store === 'sagemaker')
    .flatMap(([name, { aggregations, source }]) => {
      const path = ['featureViews', name, 'store'];
      return [
        ...violationWhere(
          Object.keys(aggregations).length > 0,
          path,
          'a view with aggregations is kept in the platform’s own table; leave store out',
        ),
        ...violationWhere(
          features.sources[source]?.type === 'stream',
          path,
          'a view of a stream is kept in the platform’s own table; leave store out',
        ),
      ];
    });
}
