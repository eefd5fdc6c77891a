import type * as z from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { microsecondsOfDate, microsecondsText } from '#shared/kernel/microseconds.ts';
import type {
  getOnlineFeatures as contract,
  FeatureStatus,
  FeatureValue,
  FeatureViewVersion,
} from '../contract.ts';
import { type EntityList, readEntities } from '../domain/entity-lists.ts';
import {
  type FeatureSelection,
  selectFeatures,
  viewsOfReferences,
  withFullNames,
} from '../domain/feature-selection.ts';
import type { DefinitionReader, OnDemand, OnlineAnswer, OnlineReader } from '../ports.ts';

export interface GetOnlineFeaturesDeps {
  readonly definitions: DefinitionReader;
  readonly reader: OnlineReader;
  readonly onDemand: OnDemand;
  readonly clock: Clock;
}

type Body = z.output<typeof contract.body>;
type Answer = z.input<typeof contract.response>;

/**
 * Reads the newest values of features. Throws FeatureServiceNotFound, FeatureViewNotFound, InvalidFeatures, InvalidEntities,
 * OnlineStoreBusy.
 */
export async function getOnlineFeatures(
  deps: GetOnlineFeaturesDeps,
  project: string,
  body: Body,
): Promise<Answer> {
  const { selection, featureService } = await selectionOf(deps.definitions, project, body);
  const entities = readEntities(selection, body.entities, body.request);
  const lookups = selection.views.map((view, index) => ({ view, keys: entities.keys[index] ?? [] }));
  const answers = await deps.reader.read(project, lookups, microsecondsOfDate(deps.clock.now()));
  const columns = columnsOf(selection, answers);
  const computed = computedOf(deps.onDemand, selection, entities, answers);
  return {
    metadata: {
      featureNames: selection.outputs.map(({ name }) => name),
      ...(featureService ? { featureService } : {}),
    },
    results: selection.outputs.map(({ name }) => columns.get(name) ?? onDemandColumn(name, computed)),
  };
}

async function selectionOf(definitions: DefinitionReader, project: string, body: Body) {
  const { featureService, version, features = [], fullFeatureNames } = body;
  if (featureService === undefined) {
    const names = viewsOfReferences(features);
    const views = await Promise.all(names.map((view) => definitions.view(project, view)));
    const known = views.filter((view): view is FeatureViewVersion => view !== undefined);
    const byName = new Map(known.map((view) => [view.view, view]));
    return { selection: selectFeatures(features, byName, fullFeatureNames ?? false) };
  }
  const found = await definitions.service(project, featureService, version);
  if (!found)
    throw new AppError(
      'not_found',
      'FeatureServiceNotFound',
      `Project '${project}' has no ${version === undefined ? '' : `version ${version} of a `}feature service '${featureService}'. GET /v1/projects/${project}/features lists what there is.`,
    );
  return {
    selection: fullFeatureNames ? withFullNames(found) : found,
    featureService: { service: found.service, version: found.version },
  };
}

interface Column {
  readonly values: FeatureValue[];
  readonly statuses: FeatureStatus[];
  readonly eventTimestamps: (string | null)[];
}

/** What was read, by name in the answer. */
function columnsOf(
  selection: FeatureSelection,
  answers: readonly (readonly OnlineAnswer[])[],
): ReadonlyMap<string, Column> {
  return new Map(
    selection.views.flatMap((view, index) => {
      const rows = answers[index] ?? [];
      const statuses = rows.map(({ status }) => status);
      const eventTimestamps = rows.map(({ eventAt }) =>
        eventAt === undefined ? null : microsecondsText(eventAt),
      );
      return view.features.flatMap(({ name, as }): [string, Column][] =>
        as === undefined
          ? []
          : [[as, { values: rows.map(({ values }) => values[name] ?? null), statuses, eventTimestamps }]],
      );
    }),
  );
}

/** On-demand features, entity by entity. */
function computedOf(
  onDemand: OnDemand,
  selection: FeatureSelection,
  { count, request }: EntityList,
  answers: readonly (readonly OnlineAnswer[])[],
): readonly Readonly<Record<string, FeatureValue>>[] {
  if (selection.onDemand.length === 0) return Array.from({ length: count }, () => ({}));
  return Array.from({ length: count }, (_none, row) =>
    onDemand(selection, {
      request: request[row] ?? {},
      views: Object.fromEntries(
        selection.views.map(({ view }, index) => [view, answers[index]?.[row]?.values ?? {}]),
      ),
    }),
  );
}

const onDemandColumn = (
  name: string,
  computed: readonly Readonly<Record<string, FeatureValue>>[],
): Column => ({
  values: computed.map((values) => values[name] ?? null),
  statuses: computed.map(() => 'PRESENT'),
  eventTimestamps: computed.map(() => null),
});
