import type { ProjectRevision } from '#services/projects/contract.ts';
import { durationSeconds } from '#shared/kernel/duration.ts';
import type { FeatureServiceVersion, FeatureViewSettings, FeatureViewVersion, JoinKey } from '../contract.ts';
import { descriptionsOf, joinKeysOf, settingsOf } from './view-versions.ts';

/** What a project revision declares, with the versions that its views and services got. */
export interface DefinedRevision {
  readonly project: string;
  readonly projectRevision: number;
  readonly entities: readonly {
    readonly entity: string;
    readonly joinKeys: readonly JoinKey[];
    readonly owner: string;
    readonly description?: string;
  }[];
  readonly views: readonly {
    readonly view: string;
    readonly version: number;
    readonly definitionSha256: string;
    readonly settings: FeatureViewSettings;
    /** People's words about features, by name. */
    readonly descriptions: Readonly<Record<string, string>>;
  }[];
  readonly onDemandViews: readonly {
    readonly view: string;
    readonly features: readonly {
      readonly name: string;
      readonly type: FeatureServiceVersion['outputs'][number]['type'];
      readonly expression: string;
    }[];
    readonly owner: string;
    readonly description?: string;
  }[];
  readonly services: readonly {
    readonly service: string;
    readonly version: number;
    readonly definitionSha256: string;
    readonly owner: string;
    readonly description?: string;
  }[];
  readonly skew: {
    readonly maxMismatchRate: number;
    readonly relativeTolerance: number;
    readonly maxInferences: number;
    readonly everySeconds: number;
  };
}

/** Puts together what a revision declares and the versions that there are. */
export function definedRevision(
  { project, revision, definition }: ProjectRevision,
  views: readonly FeatureViewVersion[],
  services: readonly FeatureServiceVersion[],
): DefinedRevision {
  const { features, owners } = definition;
  const about = ({
    owner,
    description,
  }: {
    owner?: string | undefined;
    description?: string | undefined;
  }) => ({
    owner: owner ?? owners.join(', '),
    ...(description === undefined ? {} : { description }),
  });
  const { every, ...limits } = features.skew;
  return {
    project,
    projectRevision: revision,
    entities: Object.entries(features.entities).map(([entity, declared]) => ({
      entity,
      joinKeys: joinKeysOf(features, [entity]),
      ...about(declared),
    })),
    views: views.map(({ view, version, definitionSha256 }) => ({
      view,
      version,
      definitionSha256,
      settings: settingsOf(features.featureViews[view]!, owners),
      descriptions: descriptionsOf(features.featureViews[view]!),
    })),
    onDemandViews: Object.entries(features.onDemandFeatureViews).map(([view, declared]) => ({
      view,
      features: Object.entries(declared.features).map(([name, { type, expression }]) => ({
        name,
        type,
        expression,
      })),
      ...about(declared),
    })),
    services: services.map(({ service, version, definitionSha256 }) => ({
      service,
      version,
      definitionSha256,
      ...about(features.featureServices[service]!),
    })),
    skew: { ...limits, everySeconds: durationSeconds(every) },
  };
}
