import type { RuntimeContext } from '../emulated-service.ts';
import { Checkpoint } from './checkpoint.ts';
import type { MappingConfig } from './event-source-mapping.ts';
import { type Invoker, principalOf } from './invoker.ts';
import type { MappingHost, RunningMapping } from './mapping-runtime.ts';
import { QueueMapping } from './queue-mapping.ts';
import { StreamMapping } from './stream-mapping.ts';

/** The event-source mappings of the templates; they run from `start` until `stop`. */
export class Mappings {
  readonly #context: RuntimeContext;
  readonly #invoker: Invoker;
  readonly #folder: string;
  readonly #retryDelayMs: (retry: number) => number;
  readonly #configs = new Map<string, MappingConfig>();
  readonly #running = new Map<string, RunningMapping>();
  #started = false;

  constructor(
    context: RuntimeContext,
    invoker: Invoker,
    folder: string,
    retryDelayMs: (retry: number) => number,
  ) {
    this.#context = context;
    this.#invoker = invoker;
    this.#folder = folder;
    this.#retryDelayMs = retryDelayMs;
  }

  list(): readonly MappingConfig[] {
    return [...this.#configs.values()];
  }

  /** Adds or replaces a mapping; one that changed while it ran is restarted where it stood. */
  async put(config: MappingConfig): Promise<void> {
    const before = this.#configs.get(config.uuid);
    this.#configs.set(config.uuid, config);
    if (!this.#started || JSON.stringify(before) === JSON.stringify(config)) return;
    this.#running.get(config.uuid)?.stop();
    await this.#start(config);
  }

  remove(uuid: string): void {
    this.#running.get(uuid)?.stop();
    this.#running.delete(uuid);
    this.#configs.delete(uuid);
  }

  /** @throws AwsError InvalidParameterValueException when a function's role may not read its source */
  async start(): Promise<void> {
    this.#started = true;
    for (const config of this.#configs.values()) await this.#start(config);
  }

  stop(): void {
    for (const mapping of this.#running.values()) mapping.stop();
    this.#running.clear();
  }

  async #start(config: MappingConfig): Promise<void> {
    if (!config.enabled) return;
    const host = this.#host(config);
    const mapping =
      config.source === 'sqs'
        ? new QueueMapping(config, host)
        : new StreamMapping(config, host, new Checkpoint(this.#folder, config.uuid));
    this.#running.set(config.uuid, mapping);
    await mapping.start();
  }

  #host(config: MappingConfig): MappingHost {
    const target = () => this.#invoker.catalogue.resolve(config.functionArn);
    return {
      context: this.#context,
      retryDelayMs: this.#retryDelayMs,
      principal: () => principalOf(target().config),
      invoke: (records) =>
        this.#invoker.run(target(), JSON.stringify({ Records: records }), {
          lane: 'background',
          mayWait: true,
        }),
    };
  }
}
