import type { StageConfig } from '../config.ts';

/** One resource of a synthesized template, as CloudFormation will read it. */
export interface TemplateResource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** `Delete` where the template says nothing, as CloudFormation does. */
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
}

/** What laws need to know of a stage's settings. */
export type LawfulStage = Pick<StageConfig, 'stage' | 'alarms' | 'removalProtection' | 'encryptionKeyArn'>;

/** All templates of a stage, resource by resource. */
export interface StageTemplates extends LawfulStage {
  readonly resources: readonly TemplateResource[];
}

/** What a law has to say against one resource: sentences that say what is missing and the cure. None when it keeps the law. */
export type Law = (resource: TemplateResource, all: StageTemplates) => readonly string[];

interface SynthesizedStack {
  readonly stackName: string;
  readonly template: {
    readonly Resources?: Record<
      string,
      {
        Type: string;
        Properties?: Record<string, unknown>;
        Metadata?: Record<string, unknown>;
        DeletionPolicy?: string;
        UpdateReplacePolicy?: string;
      }
    >;
  };
}

export function resourcesOf(
  { stage, alarms, removalProtection, encryptionKeyArn }: LawfulStage,
  stacks: readonly SynthesizedStack[],
): StageTemplates {
  const resources = stacks.flatMap(({ stackName, template }) =>
    Object.entries(template.Resources ?? {}).map(([logicalId, resource]) => ({
      stackName,
      logicalId,
      type: resource.Type,
      properties: resource.Properties ?? {},
      metadata: resource.Metadata ?? {},
      deletionPolicy: resource.DeletionPolicy ?? 'Delete',
      updateReplacePolicy: resource.UpdateReplacePolicy ?? 'Delete',
    })),
  );
  return { stage, alarms, removalProtection, encryptionKeyArn, resources };
}

/** The logical id that `{ Ref }` or `{ Fn::GetAtt: [id, …] }` names; undefined for anything else. */
export function referencedId(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { Ref: ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  return ref ?? attribute?.[0];
}

/** A property below others, e.g. `at(properties, 'DestinationConfig', 'OnFailure')`; undefined where the way ends. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const member of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string, unknown>)[member];
  }
  return current;
}

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
