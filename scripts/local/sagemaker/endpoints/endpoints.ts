import type { RuntimeContext } from '../../emulated-service.ts';
import type { CreateEndpointInput } from '../api/hosting-inputs.ts';
import type { ListInput } from '../api/members.ts';
import { validationError } from '../api/validation.ts';
import { resourceArn } from '../arns.ts';
import type { StateChangeEvents } from '../state-change-events.ts';
import { listPage } from '../store/list-page.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { Deployments } from './deployments.ts';
import type { Deployment, EndpointRecord } from './endpoint-record.ts';
import { describeEndpoint, endpointEvent } from './endpoint-record.ts';
import type { VariantHost } from './variant-host.ts';

/** The operations on endpoints. What serves survives a restart and starts with its next invocation. */
export class Endpoints {
  readonly #context: RuntimeContext;
  readonly #store: RecordStore<EndpointRecord>;
  readonly #deployments: Deployments;
  readonly #events: StateChangeEvents;
  /** Hosts of what serves, by endpoint name. */
  readonly #hosts = new Map<string, readonly VariantHost[]>();
  readonly #changes = new Set<Promise<void>>();

  constructor(
    context: RuntimeContext,
    store: RecordStore<EndpointRecord>,
    deployments: Deployments,
    events: StateChangeEvents,
  ) {
    this.#context = context;
    this.#store = store;
    this.#deployments = deployments;
    this.#events = events;
  }

  /** Takes up what the last stop interrupted. */
  resume(): void {
    for (const record of this.#store.all()) {
      if (record.current !== undefined)
        this.#hosts.set(record.name, this.#deployments.hosts(record.name, record.current));
      if (record.status === 'Deleting') this.#follow(this.#remove(record.name));
      else if (record.pending !== undefined) this.#follow(this.#deploy(record.name, record.pending));
    }
  }

  create(input: CreateEndpointInput): { EndpointArn: string } {
    const name = input.EndpointName;
    const arn = this.#arn(name);
    if (this.#store.get(name) !== undefined)
      throw validationError(`Cannot create already existing endpoint "${arn}".`);
    const pending = this.#deployments.plan(input.EndpointConfigName, 1);
    const nowMs = this.#context.now();
    this.#save({
      arn,
      name,
      status: 'Creating',
      creationTimeMs: nowMs,
      lastModifiedTimeMs: nowMs,
      tags: input.Tags ?? [],
      pending,
    });
    this.#follow(this.#deploy(name, pending));
    return { EndpointArn: arn };
  }

  update(name: string, configName: string): { EndpointArn: string } {
    const record = this.#requireSettled(name);
    const pending = this.#deployments.plan(configName, (record.current?.number ?? 0) + 1);
    const { failureReason: _old, ...kept } = record;
    this.#save({ ...kept, status: 'Updating', pending });
    this.#follow(this.#deploy(name, pending));
    return { EndpointArn: record.arn };
  }

  updateWeights(
    name: string,
    desired: readonly { VariantName: string; DesiredWeight: number }[],
  ): { EndpointArn: string } {
    const record = this.#requireSettled(name);
    if (record.current === undefined)
      throw validationError(`Endpoint "${record.arn}" has no variant in service.`);
    const { variants } = record.current;
    for (const { VariantName } of desired)
      if (!variants.some(({ variant }) => variant.VariantName === VariantName))
        throw validationError(
          `The variant name "${VariantName}" was not found in endpoint "${record.arn}". It has: ${variants.map(({ variant }) => variant.VariantName).join(', ')}.`,
        );
    const reweighted = variants.map((deployed) => {
      const wish = desired.find(({ VariantName }) => VariantName === deployed.variant.VariantName);
      return wish === undefined ? deployed : { ...deployed, weight: wish.DesiredWeight };
    });
    this.#save({ ...record, status: 'Updating' });
    this.#save({ ...record, status: 'InService', current: { ...record.current, variants: reweighted } });
    return { EndpointArn: record.arn };
  }

  delete(name: string): void {
    this.#save({ ...this.#requireSettled(name), status: 'Deleting' });
    this.#follow(this.#remove(name));
  }

  describe(name: string): Record<string, unknown> {
    return describeEndpoint(this.#require(name));
  }

  list(input: ListInput): Record<string, unknown> {
    const { page, nextToken } = listPage(this.#store.all(), input);
    return {
      Endpoints: page.map((record) => ({
        EndpointName: record.name,
        EndpointArn: record.arn,
        EndpointStatus: record.status,
        CreationTime: record.creationTimeMs / 1000,
        LastModifiedTime: record.lastModifiedTimeMs / 1000,
      })),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  }

  /** The hosts of what serves, with the current weights; undefined when nothing does. */
  serving(name: string): { host: VariantHost; weight: number }[] | undefined {
    const hosts = this.#hosts.get(name);
    const variants = this.#store.get(name)?.current?.variants;
    return hosts?.map((host, at) => ({ host, weight: variants?.[at]?.weight ?? 0 }));
  }

  async shutdown(): Promise<void> {
    await Promise.allSettled(this.#changes);
    await Promise.all([...this.#hosts.values()].flat().map((host) => host.stop()));
  }

  /** Brings up all variants and then lets them take the place of what serves; on failure what serves stays. */
  async #deploy(name: string, pending: Deployment): Promise<void> {
    let hosts: readonly VariantHost[];
    try {
      hosts = await this.#deployments.bringUp(name, pending);
    } catch (error) {
      this.#settle(name, { failureReason: error instanceof Error ? error.message : String(error) });
      return;
    }
    const before = this.#require(name).current;
    const retired = this.#hosts.get(name) ?? [];
    this.#hosts.set(name, hosts);
    this.#settle(name, { current: pending });
    await Promise.all(retired.map((host) => host.retire()));
    if (before !== undefined) this.#deployments.discard(name, before);
  }

  #settle(name: string, outcome: { failureReason: string } | { current: Deployment }): void {
    const { pending: _pending, ...record } = this.#require(name);
    const failed = 'failureReason' in outcome;
    if (failed && record.current !== undefined) this.#save({ ...record, ...outcome, status: 'RollingBack' });
    this.#save({
      ...record,
      ...outcome,
      status: failed && record.current === undefined ? 'Failed' : 'InService',
    });
  }

  async #remove(name: string): Promise<void> {
    const record = this.#require(name);
    const hosts = this.#hosts.get(name) ?? [];
    this.#hosts.delete(name);
    await Promise.all(hosts.map((host) => host.retire()));
    this.#deployments.discard(name);
    this.#store.delete(name);
    this.#events.publish(endpointEvent(record, 'Deleted'));
  }

  #follow(change: Promise<void>): void {
    const settled = change
      .catch((error: unknown) => this.#context.log('sagemaker', `endpoint change failed: ${String(error)}`))
      .finally(() => this.#changes.delete(settled));
    this.#changes.add(settled);
  }

  #save(record: EndpointRecord): void {
    const saved = this.#store.put(record.name, { ...record, lastModifiedTimeMs: this.#context.now() });
    this.#events.publish(endpointEvent(saved));
  }

  #require(name: string): EndpointRecord {
    return this.#store.require(name, `Could not find endpoint "${this.#arn(name)}".`);
  }

  #requireSettled(name: string): EndpointRecord {
    const record = this.#require(name);
    if (record.status !== 'InService' && record.status !== 'Failed')
      throw validationError(`Cannot update in-progress endpoint "${record.arn}".`);
    return record;
  }

  #arn(name: string): string {
    return resourceArn(this.#context, 'endpoint', name);
  }
}
