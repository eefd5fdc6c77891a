import type { ProvisionedResource } from '../emulated-service.ts';
import type { Template } from './assembly.ts';
import { noValue, type ResolutionScope, resolveCondition } from './intrinsics.ts';

/** What a stack needs to know of its surroundings. */
export interface StackSurroundings {
  readonly region: string;
  readonly accountId: string;
  /** Exports of the stacks before it. */
  readonly exports: ReadonlyMap<string, unknown>;
}

/** The scope of one stack; `provisioned` grows while its resources are made. */
export function createStackScope(
  stackName: string,
  template: Template,
  provisioned: ReadonlyMap<string, ProvisionedResource>,
  surroundings: StackSurroundings,
): ResolutionScope {
  const { region, accountId, exports } = surroundings;
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': accountId,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
    'AWS::NotificationARNs': [],
    'AWS::NoValue': noValue,
  };
  const conditions = new Map<string, boolean>();
  const resource = (logicalId: string): ProvisionedResource => {
    const found = provisioned.get(logicalId);
    if (found === undefined)
      throw new Error(`${logicalId} is neither a parameter nor a resource made before`);
    return found;
  };
  const scope: ResolutionScope = {
    ref(name) {
      if (name in pseudo) return pseudo[name];
      const parameter = template.Parameters[name];
      if (parameter !== undefined) return parameterValue(name, parameter);
      return resource(name).ref;
    },
    getAtt(logicalId, attribute) {
      const { attributes } = resource(logicalId);
      const value = attributes[attribute];
      if (value !== undefined) return value;
      const known = Object.keys(attributes).join(', ') || 'none';
      throw new Error(`${logicalId} has no attribute ${attribute} in the laptop runtime (it has: ${known})`);
    },
    condition(name) {
      const known = conditions.get(name);
      if (known !== undefined) return known;
      if (!(name in template.Conditions)) throw new Error(`the condition ${name} is not declared`);
      const value = resolveCondition(template.Conditions[name], scope);
      conditions.set(name, value);
      return value;
    },
    findInMap(map, first, second) {
      const value = template.Mappings[map]?.[first]?.[second];
      if (value === undefined) throw new Error(`the mapping ${map} has no ${first}.${second}`);
      return value;
    },
    importValue(exportName) {
      if (exports.has(exportName)) return exports.get(exportName);
      throw new Error(`no stack before this one exports ${exportName}`);
    },
  };
  return scope;
}

function parameterValue(name: string, parameter: Template['Parameters'][string]): unknown {
  if (parameter.Default === undefined) {
    throw new Error(`the parameter ${name} has no default; give it one, the laptop runtime passes none`);
  }
  // CDK's BootstrapVersion is the one SSM parameter of a synthesized stack, and nothing but a Rule reads it.
  if (parameter.Type.startsWith('AWS::SSM::') && name !== 'BootstrapVersion') {
    throw new Error(`the parameter ${name} reads SSM, which the laptop runtime does not have`);
  }
  return parameter.Default;
}
