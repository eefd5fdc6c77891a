import type { EmulatedService, ProvisionedResource, ResourceDeclaration } from '../emulated-service.ts';
import type { Assembly, Stack, TemplateResource } from './assembly.ts';
import { type DeployedResource, readDeployed, writeDeployed } from './deployed-state.ts';
import { ignoredTypes } from './ignored-types.ts';
import { type ResolutionScope, resolve } from './intrinsics.ts';
import { resourceOrder } from './resource-order.ts';
import { createStackScope } from './stack-scope.ts';

export { type Assembly, readAssembly } from './assembly.ts';
export type { DeployedResource } from './deployed-state.ts';

/** Where and through whom the assembly is deployed. */
export interface DeployOptions {
  readonly assembly: Assembly;
  readonly services: readonly EmulatedService[];
  /** Holds the record of what was deployed at the last start. */
  readonly stateDir: string;
  readonly region: string;
  readonly accountId: string;
}

/** What stands after a deployment. */
export interface Deployment {
  readonly resources: readonly DeployedResource[];
  /** Values of Outputs by stack name and output name. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A resource that could not be made; the message names stack, logical id, type and cause, fit for the terminal. */
export class DeploymentFailed extends Error {
  constructor(stackName: string, logicalId: string, type: string, cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const why = message.startsWith(`${type}: `) ? message.slice(type.length + 2) : message;
    super(`Stack ${stackName}, resource ${logicalId} (${type}): ${why}`, { cause });
    this.name = 'DeploymentFailed';
  }
}

/**
 * Makes every resource of the assembly through the service that has its type, and removes what the templates no longer have (unless its
 * DeletionPolicy retains it). The same assembly again changes nothing. Throws DeploymentFailed.
 */
export async function deployAssembly(options: DeployOptions): Promise<Deployment> {
  const before = readDeployed(options.stateDir);
  const run = new DeploymentRun(options, before);
  for (const stack of options.assembly.stacks) await run.deployStack(stack);
  await run.removeVanished();
  writeDeployed(options.stateDir, run.resources);
  return { resources: run.resources, outputs: run.outputs };
}

class DeploymentRun {
  readonly resources: DeployedResource[] = [];
  readonly outputs: Record<string, Record<string, unknown>> = {};
  readonly #options: DeployOptions;
  readonly #before: ReadonlyMap<string, DeployedResource>;
  readonly #byType = new Map<string, EmulatedService>();
  readonly #exports = new Map<string, unknown>();

  constructor(options: DeployOptions, before: readonly DeployedResource[]) {
    this.#options = options;
    this.#before = new Map(before.map((resource) => [keyOf(resource), resource]));
    for (const service of options.services) {
      for (const type of service.resourceTypes) this.#byType.set(type, service);
    }
  }

  async deployStack(stack: Stack): Promise<void> {
    const provisioned = new Map<string, ProvisionedResource>();
    const { region, accountId } = this.#options;
    const surroundings = { region, accountId, exports: this.#exports };
    const scope = createStackScope(stack.name, stack.template, provisioned, surroundings);
    for (const logicalId of resourceOrder(stack.template)) {
      const source = stack.template.Resources[logicalId];
      if (source === undefined) continue;
      try {
        if (source.Condition !== undefined && !scope.condition(source.Condition)) continue;
        provisioned.set(logicalId, await this.#provision(stack.name, logicalId, source, scope));
      } catch (error) {
        throw new DeploymentFailed(stack.name, logicalId, source.Type, error);
      }
    }
    this.#collectOutputs(stack, scope);
  }

  async #provision(
    stackName: string,
    logicalId: string,
    source: TemplateResource,
    scope: ResolutionScope,
  ): Promise<ProvisionedResource> {
    const type = source.Type;
    const service = this.#byType.get(type);
    if (service === undefined && !(type in ignoredTypes)) {
      throw new Error(
        'the laptop runtime does not support this type. Leave it out for the stage "local", or add it to a service in scripts/local.',
      );
    }
    const properties = resolve(source.Properties, scope) as Record<string, unknown>;
    const before = this.#before.get(keyOf({ stackName, logicalId }));
    const declaration: ResourceDeclaration = {
      stackName,
      logicalId,
      type,
      properties,
      ...(source.Metadata === undefined ? {} : { metadata: source.Metadata }),
      ...(before?.type === type ? { previous: { ref: before.ref, attributes: before.attributes } } : {}),
    };
    const made = service === undefined ? ignored(declaration) : await service.provision(declaration);
    this.resources.push({
      stackName,
      logicalId,
      type,
      properties,
      ref: made.ref,
      attributes: { ...made.attributes },
      retain: source.DeletionPolicy?.startsWith('Retain') ?? false,
    });
    return made;
  }

  #collectOutputs(stack: Stack, scope: ResolutionScope): void {
    const outputs: Record<string, unknown> = {};
    for (const [name, output] of Object.entries(stack.template.Outputs)) {
      if (output.Condition !== undefined && !scope.condition(output.Condition)) continue;
      try {
        outputs[name] = resolve(output.Value, scope);
        if (output.Export !== undefined)
          this.#exports.set(String(resolve(output.Export.Name, scope)), outputs[name]);
      } catch (error) {
        throw new DeploymentFailed(stack.name, name, 'Output', error);
      }
    }
    this.outputs[stack.name] = outputs;
  }

  /** Latest first, so that nothing is removed while something that was made after it, and may need it, still stands. */
  async removeVanished(): Promise<void> {
    // A resource under a new logical id that kept its physical name is the same thing; removing the old would take it away.
    const physical = new Set(this.resources.map((resource) => `${resource.type} ${resource.ref}`));
    for (const resource of [...this.#before.values()].reverse()) {
      if (resource.retain || physical.has(`${resource.type} ${resource.ref}`)) continue;
      const { stackName, logicalId, type, properties, ref, attributes } = resource;
      const previous = { ref, attributes };
      try {
        const service = this.#byType.get(type);
        await service?.deprovision?.({ stackName, logicalId, type, properties, previous });
      } catch (error) {
        throw new DeploymentFailed(stackName, logicalId, type, error);
      }
    }
  }
}

function keyOf(resource: { readonly stackName: string; readonly logicalId: string }): string {
  return `${resource.stackName}/${resource.logicalId}`;
}

/** An ignored resource still has a name: the property that names it (`DashboardName`, `Name`), else its logical id. */
function ignored(resource: ResourceDeclaration): ProvisionedResource {
  const noun = resource.type.slice(resource.type.lastIndexOf(':') + 1);
  const name = resource.properties[`${noun}Name`] ?? resource.properties['Name'] ?? resource.logicalId;
  return { ref: String(name), attributes: {} };
}
