import {
  type HistoryEvent,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { type Counters, sum } from './counters.ts';

/** What an event of a history is in the log besides its details: id, type, times, ARN of the execution. */
const loggedEventBytes = 330;

/** How the executions of both state machines stand. */
export class StatesMeter {
  readonly #client: SFNClient;

  constructor(aws: ConstructorParameters<typeof SFNClient>[0] & object) {
    this.#client = new SFNClient(aws);
  }

  /** Transitions so far: each state that was entered, and the start of each execution. The log is estimated from the history, without data. */
  async count(): Promise<Counters> {
    let counted: Counters = {};
    for (const execution of await this.#executions()) {
      const events = await this.#history(execution.arn);
      const entered = events.filter(({ stateEnteredEventDetails }) => stateEnteredEventDetails).length;
      counted = sum(counted, {
        'states.transitions': entered + 1,
        'states.executions': 1,
        'logs.statesBytes': events.length * loggedEventBytes,
      });
    }
    return counted;
  }

  /** True when every execution has ended, or waits in `state`. */
  async rests(state?: string): Promise<boolean> {
    for (const execution of await this.#executions()) {
      if (execution.status !== 'RUNNING') continue;
      const last = (await this.#history(execution.arn)).findLast((event) => event.stateEnteredEventDetails);
      if (last?.stateEnteredEventDetails?.name !== state) return false;
    }
    return true;
  }

  async #executions(): Promise<{ arn: string; status: string | undefined }[]> {
    const { stateMachines = [] } = await this.#client.send(new ListStateMachinesCommand({}));
    const found: { arn: string; status: string | undefined }[] = [];
    for (const { stateMachineArn } of stateMachines) {
      for await (const page of paginateListExecutions({ client: this.#client }, { stateMachineArn })) {
        found.push(
          ...(page.executions ?? []).map(({ executionArn, status }) => ({ arn: executionArn ?? '', status })),
        );
      }
    }
    return found;
  }

  async #history(executionArn: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    for await (const page of paginateGetExecutionHistory({ client: this.#client }, { executionArn })) {
      events.push(...(page.events ?? []));
    }
    return events;
  }
}
