import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeContext } from '../../emulated-service.ts';
import { resourceArn } from '../arns.ts';
import { installModel } from '../serving/model-files.ts';
import type { ModelRecord } from '../serving/model-record.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { EndpointConfigs } from './endpoint-configs.ts';
import type { Deployment } from './endpoint-record.ts';
import { VariantHost } from './variant-host.ts';

/** Turns endpoint configurations into programs that serve, each deployment in a folder of its own. */
export class Deployments {
  readonly #context: RuntimeContext;
  readonly #configs: EndpointConfigs;
  readonly #models: RecordStore<ModelRecord>;

  constructor(context: RuntimeContext, configs: EndpointConfigs, models: RecordStore<ModelRecord>) {
    this.#context = context;
    this.#configs = configs;
    this.#models = models;
  }

  /**
   * What a configuration asks for, with the models as they are now.
   * @throws AwsError ValidationException when the configuration or a model is gone.
   */
  plan(configName: string, number: number): Deployment {
    const { input } = this.#configs.require(configName);
    const variants = input.ProductionVariants.map((variant) => ({
      variant,
      model: this.#models.require(
        variant.ModelName,
        `Could not find model "${resourceArn(this.#context, 'model', variant.ModelName)}".`,
      ),
      weight: variant.InitialVariantWeight ?? 1,
    }));
    return { configName, number, variants };
  }

  /** Hosts of a deployment whose models are installed; their programs start when they are needed. */
  hosts(endpointName: string, deployment: Deployment): VariantHost[] {
    return deployment.variants.map(
      (deployed) =>
        new VariantHost(
          this.#context,
          endpointName,
          deployed,
          join(this.#folder(endpointName, deployment), deployed.variant.VariantName),
        ),
    );
  }

  /**
   * Installs the models and starts all programs.
   * @throws Error worded as the failure reason of the endpoint; nothing is left running.
   */
  async bringUp(endpointName: string, deployment: Deployment): Promise<VariantHost[]> {
    const hosts = this.hosts(endpointName, deployment);
    try {
      for (const host of hosts) {
        const { model, variant } = host.deployed;
        await installModel(this.#context, model, host.root);
        await host.start().catch((error: Error) => {
          throw new Error(
            `The primary container for production variant ${variant.VariantName} did not pass the ping health check. Please check CloudWatch logs for this endpoint. ${error.message}`,
          );
        });
      }
      return hosts;
    } catch (error) {
      await Promise.all(hosts.map((host) => host.stop()));
      this.discard(endpointName, deployment);
      throw error;
    }
  }

  /** Removes the files of a deployment, or of all deployments of an endpoint. */
  discard(endpointName: string, deployment?: Deployment): void {
    const folder =
      deployment === undefined ? this.#endpointFolder(endpointName) : this.#folder(endpointName, deployment);
    rmSync(folder, { recursive: true, force: true });
  }

  #folder(endpointName: string, { number }: Deployment): string {
    return join(this.#endpointFolder(endpointName), String(number));
  }

  #endpointFolder(endpointName: string): string {
    return join(this.#context.folder('sagemaker'), 'endpoints', endpointName);
  }
}
