import { columnsOf, type Expression } from '#shared/expressions/expression.ts';
import { parseExpression } from '#shared/expressions/parse.ts';
import { type ColumnType, type FeatureSurroundings, viewFeatureTypes } from './source-columns.ts';

/** Where a name in an expression comes from. */
export type VariableOrigin =
  | { readonly request: string }
  | { readonly view: string; readonly feature: string };

/** Names that the expressions of an on-demand view may use. */
export interface ExpressionNames {
  /** Types by name. A feature is named by itself, and as view__feature. */
  readonly types: Readonly<Record<string, ColumnType>>;
  readonly origins: Readonly<Record<string, VariableOrigin>>;
  /** Names that several inputs have, with what each could be called instead. */
  readonly ambiguous: ReadonlyMap<string, readonly string[]>;
  /** Whether some input's type is not known yet, so that expressions cannot be read. */
  readonly isPartial: boolean;
}

/** A member of a service by the name that answers give it, and its type. */
export interface NamedType {
  readonly name: string;
  readonly type: ColumnType;
}

export interface ServiceMembers {
  /** Feature views in the order that the service names them; those that only expressions read come last, and their features have no `as`. */
  readonly views: readonly {
    readonly view: string;
    readonly features: readonly (NamedType & { readonly as?: string })[];
  }[];
  readonly onDemand: readonly {
    readonly view: string;
    readonly name: string;
    readonly as: string;
    readonly type: ColumnType;
    readonly expression: string;
    readonly variables: readonly (NamedType & { readonly from: VariableOrigin })[];
  }[];
  readonly request: readonly NamedType[];
  readonly outputs: readonly NamedType[];
}

/** The names that the expressions of an on-demand view may use; views that do not exist are left out. */
export function expressionNames(surroundings: FeatureSurroundings, view: string): ExpressionNames {
  const { features } = surroundings;
  const { request, views } = features.onDemandFeatureViews[view]!;
  const inputs = [
    ...Object.entries(request).map(([name, type]) => ({
      name,
      full: name,
      type: type as ColumnType | undefined,
      from: { request: name } as VariableOrigin,
    })),
    ...views
      .filter((input) => Object.hasOwn(features.featureViews, input))
      .flatMap((input) =>
        viewFeatureTypes(surroundings, input).map(({ name, type }) => ({
          name,
          full: `${input}__${name}`,
          type,
          from: { view: input, feature: name } as VariableOrigin,
        })),
      ),
  ];
  const byName = Map.groupBy(inputs, ({ name }) => name);
  const named = inputs.flatMap((input) =>
    [...new Set([input.full, input.name])].map((name) => ({ ...input, name })),
  );
  // An input's own name counts before another one's full name.
  named.sort((a, b) => Number(b.name === b.full) - Number(a.name === a.full));
  return {
    types: Object.fromEntries(named.flatMap(({ name, type }) => (type ? [[name, type]] : []))),
    origins: Object.fromEntries(named.map(({ name, from }) => [name, from])),
    ambiguous: new Map(
      [...byName]
        .filter(([, all]) => all.length > 1)
        .map(([name, all]) => [name, all.map(({ full }) => full)]),
    ),
    isPartial: inputs.some(({ type }) => type === undefined),
  };
}

/** An expression of an on-demand view, read with the names that it may use. Throws InvalidExpression. */
export const readOnDemand = (expression: string, names: ExpressionNames): Expression =>
  parseExpression(expression, names.types);

/** Views and features that a service names, in its order: `view` is all of a view, `view:feature` one. */
export function serviceReferences(
  surroundings: FeatureSurroundings,
  service: string,
): { readonly view: string; readonly feature: string; readonly as: string }[] {
  const { features } = surroundings;
  const { features: references, fullFeatureNames } = features.featureServices[service]!;
  return references.flatMap((reference) => {
    const [view = '', feature] = reference.split(':');
    const all = Object.hasOwn(features.featureViews, view)
      ? viewFeatureTypes(surroundings, view).map(({ name }) => name)
      : Object.keys(features.onDemandFeatureViews[view]?.features ?? {});
    return (feature === undefined ? all : [feature]).map((name) => ({
      view,
      feature: name,
      as: fullFeatureNames ? `${view}__${name}` : name,
    }));
  });
}

/**
 * All that a service of checked definitions answers and needs, with nothing left open; undefined where a dataset that it stands on has
 * no contract yet.
 */
export function serviceMembers(
  surroundings: FeatureSurroundings,
  service: string,
): ServiceMembers | undefined {
  const { features } = surroundings;
  const references = serviceReferences(surroundings, service);
  const onDemand = references.flatMap(({ view, feature, as }) => {
    const declared = Object.hasOwn(features.onDemandFeatureViews, view)
      ? features.onDemandFeatureViews[view]!.features[feature]
      : undefined;
    return declared ? [{ view, name: feature, as, ...pickExpression(declared) }] : [];
  });
  const names = new Map(onDemand.map(({ view }) => [view, expressionNames(surroundings, view)]));
  if ([...names.values()].some(({ isPartial }) => isPartial)) return undefined;
  const computed = onDemand.map((feature) => ({
    ...feature,
    variables: variablesOf(feature.expression, names.get(feature.view)!),
  }));
  const views = pinnedViews(
    surroundings,
    references.filter(({ view }) => Object.hasOwn(features.featureViews, view)),
    computed.flatMap(({ variables }) => variables.map(({ from }) => from)),
  );
  if (!views) return undefined;
  const typeOf = new Map([
    ...views.flatMap((view) => view.features.map(({ as, type }) => [as ?? '', type] as const)),
    ...computed.map(({ as, type }) => [as, type] as const),
  ]);
  return {
    views,
    onDemand: computed,
    request: requestOf(features, [...names.keys()]),
    outputs: references.map(({ as }) => ({ name: as, type: typeOf.get(as)! })),
  };
}

const pickExpression = ({ type, expression }: { type: ColumnType; expression: string }) => ({
  type,
  expression,
});

function variablesOf(expression: string, names: ExpressionNames) {
  return columnsOf(readOnDemand(expression, names)).map((name) => ({
    name,
    type: names.types[name]!,
    from: names.origins[name]!,
  }));
}

function pinnedViews(
  surroundings: FeatureSurroundings,
  references: readonly { view: string; feature: string; as: string }[],
  read: readonly VariableOrigin[],
): ServiceMembers['views'] | undefined {
  const wanted = new Map<string, Map<string, string | undefined>>();
  const want = (view: string, feature: string, as: string | undefined) => {
    const ofView = wanted.get(view) ?? new Map<string, string | undefined>();
    wanted.set(view, ofView.has(feature) ? ofView : ofView.set(feature, as));
  };
  for (const { view, feature, as } of references) want(view, feature, as);
  for (const from of read) if ('view' in from) want(from.view, from.feature, undefined);
  const views = [...wanted].map(([view, members]) => {
    const types = new Map(viewFeatureTypes(surroundings, view).map(({ name, type }) => [name, type]));
    const features = [...members].flatMap(([name, as]) => {
      const type = types.get(name);
      return type ? [{ name, type, ...(as === undefined ? {} : { as }) }] : [];
    });
    return { view, features, isWhole: features.length === members.size };
  });
  if (!views.every(({ isWhole }) => isWhole)) return undefined;
  return views.map(({ view, features }) => ({ view, features }));
}

/** What the expressions of these on-demand views need from the caller. */
function requestOf(features: FeatureSurroundings['features'], onDemandViews: readonly string[]): NamedType[] {
  const members = new Map(
    onDemandViews.flatMap((view) => Object.entries(features.onDemandFeatureViews[view]!.request)),
  );
  return [...members].map(([name, type]) => ({ name, type }));
}
