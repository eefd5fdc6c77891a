import type { RuntimeContext } from '../emulated-service.ts';

/** A state change to tell the default bus, as SageMaker tells it. */
export interface StateChange {
  /** E.g. `SageMaker Training Job State Change`. */
  readonly detailType: string;
  readonly resourceArn: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Publishes state changes; like SageMaker's own they may come twice, late or never, which the fault switch decides. */
export class StateChangeEvents {
  readonly #context: RuntimeContext;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(context: RuntimeContext) {
    this.#context = context;
  }

  publish(change: StateChange): void {
    for (const delayMs of this.#context.faults.deliveries(
      'sagemaker-event',
      `${change.detailType} ${change.resourceArn}`,
    )) {
      if (delayMs === 0) this.#send(change);
      else {
        const timer = setTimeout(() => {
          this.#timers.delete(timer);
          this.#send(change);
        }, delayMs);
        this.#timers.add(timer);
      }
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #send({ detailType, resourceArn, detail }: StateChange): void {
    this.#context.events
      .publish([
        {
          source: 'aws.sagemaker',
          detailType,
          detail,
          resources: [resourceArn],
          timeMs: this.#context.now(),
        },
      ])
      .catch((error: unknown) =>
        this.#context.log('sagemaker', `event not published: ${String(error)}`, { detailType, resourceArn }),
      );
  }
}
