import * as z from 'zod';
import {
  type ProvisionedResource,
  type ResourceDeclaration,
  UnsupportedResource,
} from '../emulated-service.ts';
import { readPattern, readTargets, readTrigger } from './rule-input.ts';
import type { RuleStore } from './rule-store.ts';

const bus = z.looseObject({ Name: z.string() });
const rule = z.looseObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  EventBusName: z.string().optional(),
  EventPattern: z.unknown().optional(),
  ScheduleExpression: z.string().optional(),
  State: z.string().optional(),
  RoleArn: z.string().optional(),
  Targets: z.unknown().optional(),
});
const archive = z.looseObject({
  ArchiveName: z.string().optional(),
  SourceArn: z.string(),
  EventPattern: z.unknown().optional(),
});

/**
 * Creates or updates a bus or a rule. Bus policies speak of other accounts, archives are replayed and schemas read in AWS only: these are
 * accepted without effect.
 */
export function provisionEvents(
  resource: ResourceDeclaration,
  rules: RuleStore,
  nowMs: number,
): ProvisionedResource {
  switch (resource.type) {
    case 'AWS::Events::EventBus': {
      const { Name } = bus.parse(resource.properties);
      const { arn } = rules.addBus(Name, nowMs);
      return { ref: Name, attributes: { Arn: arn, Name } };
    }
    case 'AWS::Events::Rule':
      return provisionRule(resource, rules, nowMs);
    case 'AWS::Events::EventBusPolicy':
    case 'AWS::EventSchemas::Discoverer':
    case 'AWS::EventSchemas::Registry':
    case 'AWS::EventSchemas::Schema':
      return { ref: `${resource.stackName}-${resource.logicalId}`, attributes: {} };
    case 'AWS::Events::Archive': {
      const { ArchiveName, SourceArn, EventPattern } = archive.parse(resource.properties);
      rules.bus(SourceArn);
      if (EventPattern !== undefined) readPattern(EventPattern);
      const name = ArchiveName ?? `${resource.stackName}-${resource.logicalId}`.slice(0, 48);
      return {
        ref: name,
        attributes: { ArchiveName: name, Arn: rules.busArn(name).replace(':event-bus/', ':archive/') },
      };
    }
    default:
      throw new UnsupportedResource(
        resource.type,
        'the resource',
        'Use a bus, a rule, a bus policy or an archive.',
      );
  }
}

/** Removes what the template no longer has. */
export function deprovisionEvents(resource: ResourceDeclaration, rules: RuleStore): void {
  const { previous } = resource;
  if (previous === undefined) return;
  const arn = previous.attributes['Arn'] ?? '';
  if (resource.type === 'AWS::Events::EventBus') rules.removeBus(previous.ref);
  if (resource.type === 'AWS::Events::Rule') rules.remove(arn);
}

function provisionRule(resource: ResourceDeclaration, rules: RuleStore, nowMs: number): ProvisionedResource {
  const given = rule.parse(resource.properties);
  const busName = rules.bus(given.EventBusName).name;
  const name = given.Name ?? `${resource.stackName}-${resource.logicalId}`.slice(0, 64);
  const arn = rules.ruleArn(busName, name);
  // On a custom bus, Ref is the bus and the rule, with a bar between them.
  const provisioned = { ref: busName === 'default' ? name : `${busName}|${name}`, attributes: { Arn: arn } };
  const declared = JSON.stringify(resource.properties);
  const before = rules.find(arn);
  if (before?.declared === declared) return provisioned;
  rules.put({
    arn,
    name,
    busName,
    description: given.Description,
    ...readTrigger(given.EventPattern, given.ScheduleExpression, busName),
    isEnabled: given.State !== 'DISABLED',
    roleArn: given.RoleArn,
    targets: readTargets(given.Targets),
    declared,
    createdMs: before?.createdMs ?? nowMs,
  });
  return provisioned;
}
