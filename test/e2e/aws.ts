import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeTrainingJobCommand,
  ListEndpointsCommand,
  ListTrainingJobsCommand,
  ListTransformJobsCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import {
  type HistoryEvent,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { functionName, type ServiceName } from '#shared/kernel/names.ts';
import { eventually } from './eventually.ts';
import type { Platform } from './platform.ts';

export type Machine = 'training' | 'release';

/** From when to when an execution was in a state; without end while it still is. */
export interface StateSpan {
  readonly execution: string;
  readonly state: string;
  readonly enteredMs: number;
  readonly exitedMs?: number;
}

/** What a laptop platform lets its operator see and do through the AWS endpoint. */
export class AwsOperator {
  readonly sagemaker: SageMakerClient;
  readonly #states: SFNClient;
  readonly #lambda: LambdaClient;
  readonly #metrics: CloudWatchClient;

  constructor(platform: Platform) {
    this.sagemaker = new SageMakerClient(platform.aws);
    this.#states = new SFNClient(platform.aws);
    this.#lambda = new LambdaClient(platform.aws);
    this.#metrics = new CloudWatchClient(platform.aws);
  }

  /** Waits until some execution is in a state. */
  inState(machine: Machine, state: string): Promise<StateSpan> {
    return eventually(`an execution of the ${machine} machine in state ${state}`, async () =>
      (await this.spans(machine)).find((span) => span.state === state && span.exitedMs === undefined),
    );
  }

  /** Every state that an execution of a machine was in. */
  async spans(machine: Machine): Promise<StateSpan[]> {
    const executions = await this.#executions(machine);
    const spans = executions.map(async ({ executionArn, name }) =>
      spansOf(name ?? '', await this.#history(executionArn)),
    );
    return (await Promise.all(spans)).flat();
  }

  async #history(executionArn: string | undefined): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    for await (const page of paginateGetExecutionHistory({ client: this.#states }, { executionArn }))
      events.push(...(page.events ?? []));
    return events;
  }

  /** Waits until no execution of a machine runs; how each ended. */
  endings(machine: Machine): Promise<(string | undefined)[]> {
    return eventually(`the end of all executions of the ${machine} machine`, async () => {
      const statuses = (await this.#executions(machine)).map(({ status }) => status);
      return statuses.includes('RUNNING') ? undefined : statuses;
    });
  }

  /** Stops the one execution of a machine that runs, as a person in the console would. */
  async stopExecution(machine: Machine): Promise<void> {
    const running = (await this.#executions(machine)).filter(({ status }) => status === 'RUNNING');
    if (running.length !== 1) throw new Error(`${running.length} executions of ${machine} run, not one.`);
    const { executionArn } = running[0]!;
    await this.#states.send(
      new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'A person stopped it.' }),
    );
  }

  async #executions(machine: Machine) {
    const { stateMachines } = await this.#states.send(new ListStateMachinesCommand({}));
    const stateMachineArn = stateMachines?.find(({ name }) => name?.endsWith(`-${machine}`))?.stateMachineArn;
    const { executions } = await this.#states.send(new ListExecutionsCommand({ stateMachineArn }));
    return executions ?? [];
  }

  /** Names of all training jobs, transform jobs and endpoints: what was bought from SageMaker. */
  async bought() {
    const [training, transform, endpoints] = await Promise.all([
      this.sagemaker.send(new ListTrainingJobsCommand({})),
      this.sagemaker.send(new ListTransformJobsCommand({})),
      this.sagemaker.send(new ListEndpointsCommand({})),
    ]);
    return {
      trainingJobs: (training.TrainingJobSummaries ?? []).map((job) => job.TrainingJobName ?? ''),
      transformJobs: (transform.TransformJobSummaries ?? []).map((job) => job.TransformJobName ?? ''),
      endpoints: (endpoints.Endpoints ?? []).map((endpoint) => endpoint.EndpointName ?? ''),
    };
  }

  /** Waits until a training job is where its secondary status says. */
  trainingJob(status: 'Training' | 'Completed' | 'Stopped'): Promise<string> {
    return eventually(`a training job with the status ${status}`, async () => {
      const { trainingJobs } = await this.bought();
      for (const TrainingJobName of trainingJobs) {
        const job = await this.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
        if (job.SecondaryStatus === status) return TrainingJobName;
      }
      return undefined;
    });
  }

  /** How many invocations of a function there were so far, or how many of them failed. */
  async count(functionName: string, MetricName: 'Invocations' | 'Errors'): Promise<number> {
    const { Datapoints } = await this.#metrics.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/Lambda',
        MetricName,
        Dimensions: [{ Name: 'FunctionName', Value: functionName }],
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 3600,
        Statistics: ['Sum'],
      }),
    );
    return (Datapoints ?? []).reduce((sum, point) => sum + (point.Sum ?? 0), 0);
  }

  /** Invokes a function as its schedule or event source would; rejects with the error that it failed with. */
  async invoke(service: ServiceName, handler: string, payload: unknown = {}): Promise<void> {
    const { FunctionError, Payload } = await this.#lambda.send(
      new InvokeCommand({
        FunctionName: functionName('local', service, handler),
        Payload: Buffer.from(JSON.stringify(payload)),
      }),
    );
    if (FunctionError) throw new Error(Buffer.from(Payload ?? []).toString('utf8'));
  }
}

function spansOf(execution: string, events: readonly HistoryEvent[]): StateSpan[] {
  const ends = events.filter((event) => event.stateExitedEventDetails);
  return events.flatMap((event) => {
    const state = event.stateEnteredEventDetails?.name;
    if (!state || !event.timestamp) return [];
    const end = ends.find(({ id, stateExitedEventDetails }) => {
      return (id ?? 0) > (event.id ?? 0) && stateExitedEventDetails?.name === state;
    });
    const enteredMs = event.timestamp.getTime();
    return [
      { execution, state, enteredMs, ...(end?.timestamp ? { exitedMs: end.timestamp.getTime() } : {}) },
    ];
  });
}
