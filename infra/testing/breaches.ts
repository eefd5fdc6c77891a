import { lawViolations } from '../laws/index.ts';
import { type LawfulStage, resourcesOf } from '../laws/resource.ts';

/** A resource as a template has it. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly Metadata?: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** The cost tags of a stack. */
export const tags = [
  { Key: 'millrace:stage', Value: 'dev' },
  { Key: 'millrace:service', Value: 'datasets' },
];

const dev: LawfulStage = { stage: 'dev', removalProtection: false, alarms: true };

/** What the laws have against the only stack, `S`, of a stage. */
export const violationsOf = (Resources: Record<string, Resource>, stage: LawfulStage = dev): string[] =>
  lawViolations(resourcesOf(stage, [{ stackName: 'S', template: { Resources } }]));
