import * as z from 'zod';
import {
  type ProvisionedResource,
  type ResourceDeclaration,
  UnsupportedResource,
} from '../emulated-service.ts';
import { parseProperties, stableId } from '../resource-properties.ts';
import { awsManagedPolicies } from './aws-managed-policies.ts';
import { type CompiledStatement, compilePolicy } from './policy.ts';

const inlinePolicy = z.object({ PolicyName: z.string(), PolicyDocument: z.unknown() });
const roleProperties = z.object({
  RoleName: z.string().optional(),
  Path: z.string().default('/'),
  AssumeRolePolicyDocument: z.unknown(),
  Policies: z.array(inlinePolicy).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
  PermissionsBoundary: z.string().optional(),
});
const policyProperties = z.object({
  PolicyName: z.string(),
  PolicyDocument: z.unknown(),
  Roles: z.array(z.string()).default([]),
});
const managedPolicyProperties = policyProperties.extend({
  PolicyName: z.string().optional(),
  ManagedPolicyName: z.string().optional(),
});

interface Role {
  readonly name: string;
  readonly arn: string;
  readonly trust: readonly CompiledStatement[];
  readonly inline: readonly CompiledStatement[];
  readonly managedPolicyArns: readonly string[];
  readonly boundaryArn?: string;
}
interface AttachedPolicy {
  readonly roles: readonly string[];
  readonly statements: readonly CompiledStatement[];
}

/** The roles and policies of the template. Nothing is kept on disk: every start declares all of them again. */
export class IamResources {
  readonly #accountId: string;
  readonly #roles = new Map<string, Role>();
  /** AWS::IAM::Policy by stack and logical id. */
  readonly #policies = new Map<string, AttachedPolicy>();
  /** AWS::IAM::ManagedPolicy by ARN. */
  readonly #managed = new Map<string, AttachedPolicy>();
  readonly #statements = new Map<string, readonly CompiledStatement[]>();

  constructor(accountId: string) {
    this.#accountId = accountId;
  }

  /** Adds or replaces one resource. */
  provision(resource: ResourceDeclaration): ProvisionedResource {
    this.#statements.clear();
    if (resource.type === 'AWS::IAM::Role') return this.#provisionRole(resource);
    if (resource.type === 'AWS::IAM::Policy') return this.#provisionPolicy(resource);
    return this.#provisionManagedPolicy(resource);
  }

  /** The role with this ARN. */
  role(roleArn: string): Role | undefined {
    return this.#roles.get(roleArn);
  }

  roleArns(): readonly string[] {
    return [...this.#roles.keys()];
  }

  /** All identity-based statements of a role, inline and attached; empty for an unknown role. */
  statementsOf(roleArn: string): readonly CompiledStatement[] {
    const known = this.#statements.get(roleArn);
    if (known !== undefined) return known;
    const role = this.#roles.get(roleArn);
    if (role === undefined) return [];
    const attached = [...this.#policies.values(), ...this.#managed.values()]
      .filter((policy) => policy.roles.includes(role.name))
      .flatMap((policy) => policy.statements);
    const managed = role.managedPolicyArns.flatMap((arn) => this.managedStatements(arn));
    const statements = [...role.inline, ...attached, ...managed];
    this.#statements.set(roleArn, statements);
    return statements;
  }

  /** The statements of a managed policy, of the template or of AWS. Throws for one that is not known. */
  managedStatements(policyArn: string): readonly CompiledStatement[] {
    const own = this.#managed.get(policyArn);
    if (own !== undefined) return own.statements;
    const name = policyArn.slice(policyArn.indexOf(':policy/') + ':policy/'.length);
    const document = awsManagedPolicies[name];
    if (document !== undefined) return compilePolicy(name, document);
    throw new UnsupportedResource(
      'AWS::IAM::Role',
      `the managed policy ${policyArn}`,
      `Write the statements into the role, or add the policy to scripts/local/iam/aws-managed-policies.ts.`,
    );
  }

  #provisionRole(resource: ResourceDeclaration): ProvisionedResource {
    const properties = parseProperties(resource, roleProperties);
    const name = properties.RoleName ?? generatedName(resource, 64);
    const arn = `arn:aws:iam::${this.#accountId}:role${properties.Path}${name}`;
    const role: Role = {
      name,
      arn,
      trust: compilePolicy(`${name} trust policy`, properties.AssumeRolePolicyDocument, resource.type),
      inline: properties.Policies.flatMap((policy) =>
        compilePolicy(policy.PolicyName, policy.PolicyDocument, resource.type),
      ),
      managedPolicyArns: properties.ManagedPolicyArns,
      ...(properties.PermissionsBoundary === undefined
        ? {}
        : { boundaryArn: properties.PermissionsBoundary }),
    };
    this.#roles.set(arn, role);
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${stableId(resource, 17).toUpperCase()}` } };
  }

  #provisionPolicy(resource: ResourceDeclaration): ProvisionedResource {
    const properties = parseProperties(resource, policyProperties);
    this.#policies.set(`${resource.stackName}/${resource.logicalId}`, {
      roles: properties.Roles,
      statements: compilePolicy(properties.PolicyName, properties.PolicyDocument),
    });
    return { ref: properties.PolicyName, attributes: { Id: properties.PolicyName } };
  }

  #provisionManagedPolicy(resource: ResourceDeclaration): ProvisionedResource {
    const properties = parseProperties(resource, managedPolicyProperties);
    const name = properties.ManagedPolicyName ?? generatedName(resource, 128);
    const arn = `arn:aws:iam::${this.#accountId}:policy/${name}`;
    this.#managed.set(arn, {
      roles: properties.Roles,
      statements: compilePolicy(name, properties.PolicyDocument, resource.type),
    });
    return { ref: arn, attributes: { PolicyArn: arn } };
  }
}

/** Names that the template leaves out, as CloudFormation builds them, but stable. */
function generatedName(resource: ResourceDeclaration, maxLength: number): string {
  const { stackName, logicalId } = resource;
  const suffix = stableId(resource, 12).toUpperCase();
  return `${`${stackName}-${logicalId}`.slice(0, maxLength - suffix.length - 1)}-${suffix}`;
}
