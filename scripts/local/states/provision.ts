import * as z from 'zod';
import { type ResourceDeclaration, type RuntimeContext, UnsupportedResource } from '../emulated-service.ts';
import type { StateMachine } from './machine-store.ts';

const TYPE = 'AWS::StepFunctions::StateMachine';

const properties = z.looseObject({
  StateMachineName: z.string().optional(),
  StateMachineType: z.string().optional(),
  RoleArn: z.string(),
  DefinitionString: z.string().optional(),
  Definition: z.record(z.string(), z.unknown()).optional(),
  DefinitionS3Location: z.unknown().optional(),
  DefinitionSubstitutions: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/**
 * Reads a state machine off the template.
 * @throws UnsupportedResource for an EXPRESS machine and for a definition that is not in the template
 */
export function readDeclaration(
  resource: ResourceDeclaration,
  context: Pick<RuntimeContext, 'region' | 'accountId'>,
): { machine: Omit<StateMachine, 'definitionId' | 'creationDateMs'>; definition: string } {
  const given = properties.parse(resource.properties);
  if (given.StateMachineType === 'EXPRESS') {
    throw new UnsupportedResource(TYPE, 'StateMachineType EXPRESS', 'Use a STANDARD state machine.');
  }
  const text = given.DefinitionString ?? (given.Definition && JSON.stringify(given.Definition));
  if (text === undefined) {
    const cure = 'Give DefinitionString or Definition in the template.';
    throw new UnsupportedResource(TYPE, 'a definition outside the template (DefinitionS3Location)', cure);
  }
  const name = given.StateMachineName ?? `${resource.stackName}-${resource.logicalId}`.slice(0, 80);
  const stateMachineArn = `arn:aws:states:${context.region}:${context.accountId}:stateMachine:${name}`;
  return {
    machine: { stateMachineArn, name, roleArn: given.RoleArn },
    definition: substitute(text, given.DefinitionSubstitutions ?? {}),
  };
}

/** Replaces `${name}` by its value, as CloudFormation does it before the definition is read. */
function substitute(definition: string, values: Readonly<Record<string, string | number | boolean>>): string {
  return definition.replace(/\$\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : placeholder,
  );
}
