import { listOf, numberOf, objectOf, textOf } from '../fact-text.ts';
import { type Facets, facet } from './parts.ts';

export type Tags = Readonly<Record<string, string>>;

const tagList = (tags: Tags) =>
  Object.entries(tags)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ({ key, value, source: 'MILLRACE' }));

export const runTags = (tags: Tags): Facets => ({
  tags: facet('1-0-0/TagsRunFacet', { tags: tagList(tags) }),
});
export const datasetTags = (tags: Tags): Facets => ({
  tags: facet('1-0-0/TagsDatasetFacet', { tags: tagList(tags) }),
});

export const versionFacet = (version: string | number): Facets => ({
  version: facet('1-0-1/DatasetVersionDatasetFacet', { datasetVersion: String(version) }),
});

/** Columns by name, with the platform's type where it is known. */
export const schemaFacet = (columns: readonly { name: string; type?: string }[]): Facets => ({
  schema: facet('1-2-0/SchemaDatasetFacet', {
    fields: columns.map((column, index) => ({ ...column, ordinal_position: index + 1 })),
  }),
});

export const lifecycleFacet = (
  lifecycleStateChange: 'ALTER' | 'CREATE' | 'DROP' | 'OVERWRITE' | 'RENAME',
  previousIdentifier?: { readonly namespace: string; readonly name: string },
): Facets => ({
  lifecycleStateChange: facet('1-0-1/LifecycleStateChangeDatasetFacet', {
    lifecycleStateChange,
    ...(previousIdentifier ? { previousIdentifier } : {}),
  }),
});

export const typeFacet = (datasetType: 'FILE' | 'MODEL'): Facets => ({
  datasetType: facet('1-0-1/DatasetTypeDatasetFacet', { datasetType }),
});

export const documentationFacet = (description: string): Facets => ({
  documentation: facet('1-1-0/DocumentationDatasetFacet', { description }),
});

/** The object that a version really is, where a name stands for all versions. */
export function locationFacet(uri: string): Facets {
  const [, namespace, name] = /^(s3:\/\/[^/]+)\/(.+)$/s.exec(uri) ?? [];
  return namespace && name
    ? {
        symlinks: facet('1-0-1/SymlinksDatasetFacet', {
          identifiers: [{ namespace, name, type: 'LOCATION' }],
        }),
      }
    : {};
}

export const outputStatistics = (figures: { rowCount?: number; size?: number }): Facets => ({
  outputStatistics: facet('1-0-2/OutputStatisticsOutputDatasetFacet', figures),
});

/** Each output column is the input column of the same name, as it was. */
export const identityLineage = (
  columns: readonly string[],
  from: { readonly namespace: string; readonly name: string },
): Facets => ({
  columnLineage: facet('1-2-0/ColumnLineageDatasetFacet', {
    fields: Object.fromEntries(
      columns.map((field) => [
        field,
        {
          inputFields: [
            {
              namespace: from.namespace,
              name: from.name,
              field,
              transformations: [{ type: 'DIRECT', subtype: 'IDENTITY', description: '', masking: false }],
            },
          ],
        },
      ]),
    ),
  }),
});

export const errorFacet = (message: string): Facets => ({
  errorMessage: facet('1-0-1/ErrorMessageRunFacet', { message, programmingLanguage: 'TypeScript' }),
});

export const parametersFacet = (parameters: Readonly<Record<string, unknown>>): Facets => ({
  executionParameters: facet('1-0-0/ExecutionParametersRunFacet', {
    parameters: Object.entries(parameters).map(([key, value]) => ({ key, value: textOf(value) })),
  }),
});

/** What a contract was found to say of the rows; the checks that were passed are told by the first line alone. */
export function assertionsFacet(data: Readonly<Record<string, unknown>>): Facets {
  const verdict = textOf(data['verdict']);
  const findings = listOf(data['findings']).map(objectOf);
  return {
    dataQualityAssertions: facet('1-1-0/DataQualityAssertionsDatasetFacet', {
      assertions: [
        {
          assertion: 'contract',
          name: `contract of project revision ${numberOf(data['projectRevision'])}`,
          success: verdict === 'Pass',
          severity: verdict === 'Fail' ? 'error' : 'warn',
          expected: 'Pass',
          actual: verdict,
        },
        ...findings.map((finding) => ({
          assertion: textOf(finding['check']),
          success: false,
          ...(finding['column'] ? { column: textOf(finding['column']) } : {}),
          severity: textOf(finding['severity']),
          expected: textOf(finding['expected']),
          actual: textOf(finding['observed']),
        })),
      ],
    }),
  };
}

export const rowsFacet = (rowCount: number): Facets => ({
  dataQualityMetrics: facet('1-0-3/DataQualityMetricsInputDatasetFacet', { rowCount, columnMetrics: {} }),
});

export interface Test {
  readonly name: string;
  readonly status: 'pass' | 'fail' | 'skip';
  readonly severity: 'error' | 'warn';
  readonly type?: string;
  readonly description?: string;
  readonly expected?: string;
  readonly actual?: string;
}

export const testsFacet = (tests: readonly Test[]): Facets => ({
  test: facet('1-0-1/TestRunFacet', { tests }),
});

/** The gates of an evaluation as tests. */
export const gateTests = (gates: unknown): Test[] =>
  listOf(gates)
    .map(objectOf)
    .map((gate) => ({
      name: textOf(gate['gate']),
      status: gate['verdict'] === 'Pass' ? 'pass' : gate['verdict'] === 'Fail' ? 'fail' : 'skip',
      severity: 'error',
      type: textOf(gate['metric']),
      description: textOf(gate['message']),
      expected: textOf(gate['threshold']),
      ...(gate['observed'] === null ? {} : { actual: textOf(gate['observed']) }),
    }));

/** `{ auc: 0.99 }` as tags `metric.auc`. */
export const metricTags = (metrics: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectOf(metrics)).map(([name, value]) => [`metric.${name}`, textOf(value)]),
  );

export const ownersFacet = (owners: unknown): Facets => ({
  ownership: facet('1-0-1/OwnershipJobFacet', {
    owners: listOf(owners).map((owner) => ({ name: `user:${textOf(owner)}`, type: 'OWNER' })),
  }),
});
